package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.Footprint;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.Meter;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs the engine workloads on one product. Confined to the worker's main thread, but for the
 * measuring threads it starts and waits for.
 *
 * <p>Two stores: {@code load}, filled without sync and read, and {@code commit}, opened to sync
 * every commit. Every value read is compared with what its key says it must be.
 */
final class EngineSession implements Session {

  private static final int BATCH = 1_000;
  private static final int READS_A_SLICE = 64;
  private static final int RANGE = 100;

  /** Numbers from here on are never loaded: misses, and the keys of synced commits. */
  private static final long UNUSED = 1L << 40;

  private final EngineContestant contestant;
  private final RunSettings settings;
  private final Path directory;
  private final AtomicLong nextCommitted = new AtomicLong(UNUSED);
  private final SplittableRandom seeds = new SplittableRandom(42);
  private @Nullable Measurement besideReader;
  private @Nullable Expectation expectation;
  private @Nullable OpenEngine loaded;
  private @Nullable OpenEngine committing;

  EngineSession(EngineContestant contestant, RunSettings settings, Path directory) {
    this.contestant = contestant;
    this.settings = settings;
    this.directory = directory;
  }

  @Override
  public Optional<Measurement> run(String workload) throws Exception {
    boolean yardstick = contestant instanceof FsyncLoopContestant;
    EngineWorkload work = EngineWorkload.valueOf(workload);
    return switch (work) {
      case COMMIT_1 -> Optional.of(commit(1));
      case COMMIT_4 -> Optional.of(commit(4));
      case COMMIT_16 -> Optional.of(commit(16));
      default ->
          yardstick || (loaded == null && work.needsLoad()) ? Optional.empty() : runOnStore(work);
    };
  }

  private Optional<Measurement> runOnStore(EngineWorkload work) throws Exception {
    return switch (work) {
      case FILL_SINGLE -> Optional.of(fill(1));
      case FILL_BATCHED -> Optional.of(fill(BATCH));
      case SETTLE, SETTLE_OVERWRITTEN -> Optional.of(settle());
      case SIZE_ON_DISK, SIZE_OVERWRITTEN ->
          Optional.of(Measurement.amount(Directories.sizeBytes(loadDirectory())));
      case READ_BESIDE_WRITER -> Optional.of(readBesideWriter());
      case WRITE_BESIDE_READER -> Optional.ofNullable(besideReader);
      case OVERWRITE -> Optional.of(overwrite());
      case GET_HIT -> Optional.of(Meter.repeat(1, settings.workloadMillis(), this::hits));
      case GET_HIT_TWO_THREADS ->
          Optional.of(Meter.repeat(2, settings.workloadMillis(), this::hits));
      case GET_MISS -> Optional.of(Meter.repeat(1, settings.workloadMillis(), this::misses));
      case SCAN -> Optional.of(scan());
      case RANGE_100 -> Optional.of(ranges());
      case REOPEN_WARM -> Optional.of(reopenWarm());
      case HEAP -> Optional.of(heap());
      case RESIDENT -> Footprint.residentAnonymous();
      case FILL_BEFORE_KILL -> Optional.of(fillBeforeKill());
      case REOPEN_AFTER_KILL -> Optional.of(reopenAfterKill());
      default -> throw new IllegalArgumentException("not a workload of a store: " + work);
    };
  }

  private Path loadDirectory() {
    return directory.resolve("load");
  }

  private Measurement fill(int batchSize) throws Exception {
    closeLoaded();
    OpenEngine engine =
        contestant.open(
            Directories.recreate(loadDirectory()), Durability.NO_SYNC, settings.entries());
    loaded = engine;
    return Meter.once(() -> fill(engine, settings.entries(), batchSize));
  }

  private long fill(OpenEngine engine, long entries, int batchSize) throws Exception {
    if (batchSize == 1) {
      for (long number = 0; number < entries; number++) {
        engine.put(Records.key(number), Records.value(number, settings.valueBytes()));
      }
      return entries;
    }
    for (long start = 0; start < entries; start += batchSize) {
      int size = (int) Math.min(batchSize, entries - start);
      byte[][] keys = new byte[size][];
      byte[][] values = new byte[size][];
      for (int place = 0; place < size; place++) {
        keys[place] = Records.key(start + place);
        values[place] = Records.value(start + place, settings.valueBytes());
      }
      engine.write(keys, values);
    }
    return entries;
  }

  private Measurement settle() throws Exception {
    OpenEngine engine = loaded();
    return Meter.once(
        () -> {
          engine.settle();
          return 1;
        });
  }

  private Meter.Slice hits(int thread) throws Exception {
    EngineReader reader = loaded().reader();
    SplittableRandom random = seed();
    byte[] key = new byte[Records.KEY_BYTES];
    return Meter.Slice.closing(
        reader,
        () -> {
          for (int read = 0; read < READS_A_SLICE; read++) {
            long number = random.nextLong(settings.entries());
            Records.writeKey(number, key);
            verify(reader.get(key), number);
          }
          return READS_A_SLICE;
        });
  }

  private Meter.Slice misses(int thread) throws Exception {
    EngineReader reader = loaded().reader();
    SplittableRandom random = seed();
    byte[] key = new byte[Records.KEY_BYTES];
    return Meter.Slice.closing(
        reader,
        () -> {
          for (int read = 0; read < READS_A_SLICE; read++) {
            long number = UNUSED + random.nextLong(settings.entries());
            Records.writeKey(number, key);
            if (reader.get(key) != null) {
              throw new IllegalStateException("found a value for number " + number);
            }
          }
          return READS_A_SLICE;
        });
  }

  /** One thread reads, another overwrites; the writer's reading is kept for its own row. */
  private Measurement readBesideWriter() throws Exception {
    OpenEngine engine = loaded();
    SplittableRandom random = seed();
    List<Measurement> readings =
        Meter.repeatEach(
            2,
            settings.workloadMillis(),
            thread ->
                thread == 0
                    ? hits(thread)
                    : () -> {
                      long number = random.nextLong(settings.entries());
                      engine.put(Records.key(number), Records.value(number, settings.valueBytes()));
                      return 1;
                    });
    besideReader = readings.get(1);
    return readings.get(0);
  }

  private Measurement overwrite() throws Exception {
    OpenEngine engine = loaded();
    return Meter.once(() -> fill(engine, settings.entries(), BATCH));
  }

  private Measurement scan() throws Exception {
    Expectation expected = expectation();
    try (EngineReader reader = loaded().reader()) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            EntrySum sum = new EntrySum();
            reader.scan(null, Long.MAX_VALUE, sum);
            expected.verify(sum, 0, Integer.MAX_VALUE);
            return sum.entries();
          });
    }
  }

  private Measurement ranges() throws Exception {
    Expectation expected = expectation();
    SplittableRandom random = seed();
    byte[] from = new byte[Records.KEY_BYTES];
    try (EngineReader reader = loaded().reader()) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            int rank = random.nextInt(expected.entries());
            Records.writeKey(expected.numberAt(rank), from);
            EntrySum sum = new EntrySum();
            reader.scan(from, RANGE, sum);
            expected.verify(sum, rank, RANGE);
            return 1;
          });
    }
  }

  private Measurement reopenWarm() throws Exception {
    closeLoaded();
    Measurement opened = openAndGet(loadDirectory(), Durability.NO_SYNC, settings.entries());
    return opened;
  }

  private Measurement openAndGet(Path path, Durability durability, long entries) throws Exception {
    return Meter.once(
        () -> {
          loaded = contestant.open(path, durability, entries);
          try (EngineReader reader = loaded().reader()) {
            verify(reader.get(Records.key(0)), 0);
          }
          return 1;
        });
  }

  private Measurement heap() {
    expectation = null;
    return Footprint.heapAfterCollection();
  }

  private Measurement commit(int threads) throws Exception {
    if (committing == null) {
      Path path = Directories.recreate(directory.resolve("commit"));
      committing = contestant.open(path, Durability.SYNC_EACH_COMMIT, settings.entries());
    }
    OpenEngine engine = committing;
    return Meter.repeat(
        threads,
        settings.workloadMillis(),
        thread ->
            () -> {
              long number = nextCommitted.getAndIncrement();
              engine.put(Records.key(number), Records.value(number, settings.valueBytes()));
              return 1;
            });
  }

  private Measurement fillBeforeKill() throws Exception {
    Path path = Directories.recreate(directory.resolve("killed"));
    OpenEngine engine = contestant.open(path, Durability.SYNC_EACH_COMMIT, settings.killEntries());
    loaded = engine;
    return Meter.once(() -> fill(engine, settings.killEntries(), BATCH));
  }

  private Measurement reopenAfterKill() throws Exception {
    Measurement opened =
        openAndGet(
            directory.resolve("killed"), Durability.SYNC_EACH_COMMIT, settings.killEntries());
    EntrySum sum = new EntrySum();
    try (EngineReader reader = loaded().reader()) {
      reader.scan(null, Long.MAX_VALUE, sum);
    }
    new Expectation(settings.killEntries(), settings.valueBytes())
        .verify(sum, 0, Integer.MAX_VALUE);
    return opened;
  }

  private void verify(byte @Nullable [] value, long number) {
    if (value == null
        || value.length != settings.valueBytes()
        || Records.head(value) != Records.valueHead(number)) {
      throw new IllegalStateException(
          "wrong value of number %d: %s"
              .formatted(number, value == null ? "none" : value.length + " bytes"));
    }
  }

  private SplittableRandom seed() {
    synchronized (seeds) {
      return seeds.split();
    }
  }

  private Expectation expectation() {
    Expectation known = expectation;
    if (known == null) {
      known = new Expectation(settings.entries(), settings.valueBytes());
      expectation = known;
    }
    return known;
  }

  private OpenEngine loaded() {
    if (loaded == null) {
      throw new IllegalStateException("nothing is loaded yet");
    }
    return loaded;
  }

  private void closeLoaded() throws IOException {
    if (loaded != null) {
      loaded.close();
      loaded = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeLoaded();
    if (committing != null) {
      committing.close();
      committing = null;
    }
  }
}
