package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.Meter;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs one size of the scaling table on one product. Confined to the worker's main thread.
 *
 * <p>A fill that takes longer than the settings allow is cut; its reading then counts fewer entries
 * than were asked for, and what is read afterwards is what it loaded.
 */
final class ScalingSession implements Session {

  private static final long WARM_UP_BYTES = 8L << 20;
  private static final long WARM_UP_MILLIS = 150;
  private static final long SCANNED_MAX = 2_000_000;
  private static final long FREE_BYTES_MIN = 6L << 30;
  private static final long CHECK_NANOS = 250_000_000;

  private final EngineContestant contestant;
  private final RunSettings settings;
  private final DataShape asked;
  private final Path directory;
  private EntryReads reads;
  private @Nullable OpenEngine engine;

  ScalingSession(EngineContestant contestant, RunSettings settings, Path directory) {
    this.contestant = contestant;
    this.settings = settings;
    this.asked = new DataShape(settings.entries(), settings.valueBytes());
    this.directory = directory;
    this.reads = new EntryReads(asked);
  }

  @Override
  public Optional<Measurement> run(String stepName) throws Exception {
    ScalingWorkload work = ScalingWorkload.of(stepName);
    boolean ordered = contestant.abilities().contains(Ability.ORDER);
    long millis = settings.workloadMillis();
    return switch (work) {
      case WARM_UP -> Optional.of(Meter.once(this::warmUp));
      case FILL -> Optional.of(fill());
      case SETTLE -> Optional.of(Meter.once(this::settle));
      case SIZE -> Optional.of(Measurement.amount(Directories.allocatedBytes(storeDirectory())));
      case HIT -> Optional.of(Meter.repeat(1, millis, thread -> reads.hits(open())));
      case MISS -> Optional.of(Meter.repeat(1, millis, thread -> reads.misses(open())));
      case SCAN ->
          ordered ? Optional.of(reads.scan(open(), SCANNED_MAX, millis)) : Optional.empty();
      case RANGE -> ordered ? Optional.of(reads.ranges(open(), millis)) : Optional.empty();
    };
  }

  private Path storeDirectory() {
    return directory.resolve("store");
  }

  private long warmUp() throws Exception {
    int entryBytes = Records.KEY_BYTES + asked.valueBytes();
    DataShape small =
        new DataShape(
            Math.max(1, Math.min(asked.entries(), WARM_UP_BYTES / entryBytes)), asked.valueBytes());
    EntryReads smallReads = new EntryReads(small);
    EntryWrites smallWrites = new EntryWrites(small);
    Path path = Directories.recreate(directory.resolve("warm-up"));
    try (OpenEngine warmed = contestant.open(path, Durability.NO_SYNC, small)) {
      long end = System.nanoTime() + 2 * WARM_UP_MILLIS * 1_000_000;
      do {
        smallWrites.putBatches(warmed);
      } while (System.nanoTime() < end);
      warmed.settle();
      Meter.repeat(1, 2 * WARM_UP_MILLIS, thread -> smallReads.hits(warmed));
      Meter.repeat(1, WARM_UP_MILLIS, thread -> smallReads.misses(warmed));
      if (contestant.abilities().contains(Ability.ORDER)) {
        smallReads.scan(warmed, SCANNED_MAX, WARM_UP_MILLIS);
        smallReads.ranges(warmed, WARM_UP_MILLIS);
      }
    }
    Directories.delete(path);
    return small.entries();
  }

  private Measurement fill() throws Exception {
    close();
    Path path = Directories.recreate(storeDirectory());
    OpenEngine open = contestant.open(path, Durability.NO_SYNC, asked);
    engine = open;
    EntryWrites writes = new EntryWrites(asked);
    long deadline = System.nanoTime() + settings.fillMillisMax() * 1_000_000;
    Measurement filled =
        Meter.once(
            () -> {
              long written = 0;
              while (written < asked.entries() && System.nanoTime() < deadline) {
                requireFreeSpace(path);
                long pause = Math.min(deadline, System.nanoTime() + CHECK_NANOS);
                written = writes.putBatches(open, written, asked.entries(), pause);
              }
              return written;
            });
    reads = new EntryReads(new DataShape(filled.quantity(), asked.valueBytes()));
    return filled;
  }

  private static void requireFreeSpace(Path path) throws IOException {
    long free = Files.getFileStore(path).getUsableSpace();
    if (free < FREE_BYTES_MIN) {
      throw new IOException(
          "stopped with %,d bytes free on the disk, at least %,d are left alone"
              .formatted(free, FREE_BYTES_MIN));
    }
  }

  private long settle() throws Exception {
    open().settle();
    return 1;
  }

  private OpenEngine open() {
    if (engine == null) {
      throw new IllegalStateException("nothing is loaded");
    }
    return engine;
  }

  @Override
  public void close() throws IOException {
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }
}
