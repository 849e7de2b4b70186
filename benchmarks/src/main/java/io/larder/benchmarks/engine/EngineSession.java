package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.DiskWrites;
import io.larder.benchmarks.harness.Footprint;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.Meter;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  private static final int OVERWRITES = 5;
  private static final int SHARE_DELETED = 10;

  private final EngineContestant contestant;
  private final RunSettings settings;
  private final DataShape shape;
  private final EntryReads reads;
  private final EntryWrites writes;
  private final Path directory;
  private final AtomicLong nextCommitted = new AtomicLong(EntryReads.UNUSED);
  private @Nullable Measurement besideReader;
  private @Nullable OpenEngine loaded;
  private @Nullable OpenEngine committing;
  private final DiskWrites loadWrites;
  private final DiskWrites commitWrites;
  private long committedBytes;

  EngineSession(EngineContestant contestant, RunSettings settings, Path directory) {
    this.contestant = contestant;
    this.settings = settings;
    this.shape = new DataShape(settings.entries(), settings.valueBytes());
    this.reads = new EntryReads(shape);
    this.writes = new EntryWrites(shape);
    this.directory = directory;
    this.loadWrites = new DiskWrites(directory);
    this.commitWrites = new DiskWrites(directory);
  }

  @Override
  public Optional<Measurement> run(String workload) throws Exception {
    EngineWorkload work = EngineWorkload.valueOf(workload);
    if (!contestant.abilities().containsAll(work.needs()) || (loaded == null && work.needsLoad())) {
      return Optional.empty();
    }
    return switch (work) {
      case SPACE_LOADED, SPACE_OVERWRITTEN ->
          Optional.of(
              Measurement.factor(Directories.allocatedBytes(loadDirectory()), shape.bytes()));
      case WRITTEN_LOADED -> written(loadWrites, shape.bytes());
      case WRITTEN_OVERWRITTEN -> written(loadWrites, OVERWRITES * shape.bytes());
      case WRITTEN_COMMITTED -> written(commitWrites, committedBytes);
      case WRITE_BESIDE_READER -> Optional.ofNullable(besideReader);
      case RESIDENT -> Footprint.residentAnonymous();
      case RESIDENT_ALL -> Footprint.resident();
      default -> Optional.of(measure(work));
    };
  }

  private Measurement measure(EngineWorkload work) throws Exception {
    return switch (work) {
      case FILL_SINGLE, FILL_BATCHED -> fill(work == EngineWorkload.FILL_BATCHED);
      case SETTLE, SETTLE_OVERWRITTEN -> settle();
      case SIZE_ON_DISK, SIZE_OVERWRITTEN ->
          Measurement.amount(Directories.allocatedBytes(loadDirectory()));
      case HEAP -> heap();
      case READ_BESIDE_WRITER -> readBesideWriter();
      case OVERWRITE -> overwrite(1);
      case OVERWRITE_FIVE -> overwrite(OVERWRITES);
      case DELETE_SINGLE, DELETE_BATCHED -> delete(work == EngineWorkload.DELETE_BATCHED);
      case REOPEN_WARM -> reopenWarm();
      case FILL_BEFORE_CLOSE -> fillBeforeClose();
      case REOPEN_FRESH -> openAndGet(directory.resolve("closed"), Durability.NO_SYNC, shape);
      case COMMIT_1 -> commitAlone();
      case COMMIT_4 -> commit(4);
      case COMMIT_16 -> commit(16);
      case COMMIT_BATCH_64 -> timed(thread -> writes.smallBatches(committing(), reads.seed()));
      case FILL_BEFORE_KILL -> fillBeforeKill();
      case REOPEN_AFTER_KILL -> reopenAfterKill();
      case SELF_CHECK -> Meter.once(() -> EngineCheck.check(contestant, directory));
      default -> read(work);
    };
  }

  private Measurement read(EngineWorkload work) throws Exception {
    OpenEngine engine = loaded();
    long millis = settings.workloadMillis();
    return switch (work) {
      case GET_HIT -> timed(thread -> reads.hits(engine));
      case GET_VIEW -> timed(thread -> reads.views(engine));
      case GET_HIT_TWO_THREADS -> Meter.repeat(2, millis, thread -> reads.hits(engine));
      case GET_BATCH -> timed(thread -> reads.batches(engine));
      case GET_MISS -> timed(thread -> reads.misses(engine));
      case SCAN -> reads.scan(engine, Long.MAX_VALUE, millis);
      case RANGE_100 -> reads.ranges(engine, millis);
      case PUT_64 -> timed(thread -> writes.smallBatches(engine, reads.seed()));
      default -> throw new IllegalArgumentException("not a workload of a session: " + work);
    };
  }

  private Measurement timed(Meter.SliceFactory factory) throws Exception {
    return Meter.repeat(1, settings.workloadMillis(), factory);
  }

  private Path loadDirectory() {
    return directory.resolve("load");
  }

  private Measurement fill(boolean batched) throws Exception {
    closeLoaded();
    Path path = Directories.recreate(loadDirectory());
    loadWrites.reset();
    return loadWrites.during(
        () -> {
          OpenEngine engine = contestant.open(path, Durability.NO_SYNC, shape);
          loaded = engine;
          return Meter.once(() -> batched ? writes.putBatches(engine) : writes.putEach(engine));
        });
  }

  private static Optional<Measurement> written(DiskWrites writes, long userBytes) {
    return writes.bytes() == 0 || userBytes == 0
        ? Optional.empty()
        : Optional.of(Measurement.factor(writes.bytes(), userBytes));
  }

  private Measurement settle() throws Exception {
    OpenEngine engine = loaded();
    return loadWrites.during(
        () ->
            Meter.once(
                () -> {
                  engine.settle();
                  return 1;
                }));
  }

  /** One thread reads, another overwrites; the writer's reading is kept for its own row. */
  private Measurement readBesideWriter() throws Exception {
    OpenEngine engine = loaded();
    List<Measurement> readings =
        Meter.repeatEach(
            2,
            settings.workloadMillis(),
            thread -> thread == 0 ? reads.hits(engine) : writes.singles(engine, reads.seed()));
    besideReader = readings.get(1);
    return readings.get(0);
  }

  private Measurement overwrite(int times) throws Exception {
    OpenEngine engine = loaded();
    loadWrites.reset();
    return loadWrites.during(
        () ->
            Meter.once(
                () -> {
                  long entries = 0;
                  for (int time = 0; time < times; time++) {
                    entries += writes.putBatches(engine);
                  }
                  return entries;
                }));
  }

  private Measurement delete(boolean batched) throws Exception {
    long share = Math.max(1, shape.entries() / SHARE_DELETED);
    return batched
        ? writes.delete(loaded(), share, Math.min(shape.entries(), 2 * share), true)
        : writes.delete(loaded(), 0, share, false);
  }

  private Measurement reopenWarm() throws Exception {
    closeLoaded();
    return openAndGet(loadDirectory(), Durability.NO_SYNC, shape);
  }

  private Measurement openAndGet(Path path, Durability durability, DataShape expected)
      throws Exception {
    return Meter.once(
        () -> {
          loaded = contestant.open(path, durability, expected);
          try (EngineReader reader = loaded().reader()) {
            reads.verify(reader.get(Records.key(0)), 0);
          }
          return 1;
        });
  }

  private Measurement heap() {
    reads.forgetExpectation();
    return Footprint.heapAfterCollection();
  }

  private OpenEngine committing() throws Exception {
    OpenEngine open = committing;
    if (open == null) {
      Path path = Directories.recreate(directory.resolve("commit"));
      open = contestant.open(path, Durability.SYNC_EACH_COMMIT, shape);
      committing = open;
    }
    return open;
  }

  private Measurement commitAlone() throws Exception {
    committing();
    commitWrites.reset();
    Measurement measured = commitWrites.during(() -> commit(1));
    committedBytes = new DataShape(measured.quantity(), shape.valueBytes()).bytes();
    return measured;
  }

  private Measurement commit(int threads) throws Exception {
    OpenEngine engine = committing();
    return Meter.repeat(
        threads,
        settings.workloadMillis(),
        thread ->
            () -> {
              long number = nextCommitted.getAndIncrement();
              engine.put(Records.key(number), Records.value(number, shape.valueBytes()));
              return 1;
            });
  }

  private Measurement fillBeforeClose() throws Exception {
    Path path = Directories.recreate(directory.resolve("closed"));
    OpenEngine engine = contestant.open(path, Durability.NO_SYNC, shape);
    loaded = engine;
    return Meter.once(
        () -> {
          long entries = writes.putBatches(engine);
          engine.settle();
          return entries;
        });
  }

  private DataShape killed() {
    return new DataShape(settings.killEntries(), settings.valueBytes());
  }

  private Measurement fillBeforeKill() throws Exception {
    Path path = Directories.recreate(directory.resolve("killed"));
    OpenEngine engine = contestant.open(path, Durability.SYNC_EACH_COMMIT, killed());
    loaded = engine;
    return Meter.once(() -> new EntryWrites(killed()).putBatches(engine));
  }

  private Measurement reopenAfterKill() throws Exception {
    Measurement opened =
        openAndGet(directory.resolve("killed"), Durability.SYNC_EACH_COMMIT, killed());
    EntrySum sum = new EntrySum();
    try (EngineReader reader = loaded().reader()) {
      reader.scan(null, Long.MAX_VALUE, sum);
    }
    new Expectation(settings.killEntries(), settings.valueBytes())
        .verify(sum, 0, Integer.MAX_VALUE);
    return opened.withQuantity(settings.killEntries());
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
