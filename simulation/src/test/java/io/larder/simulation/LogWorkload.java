package io.larder.simulation;

import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.wal.LogOptions;
import io.larder.engine.internal.wal.LogStart;
import io.larder.engine.internal.wal.WriteAheadLog;
import io.larder.engine.spi.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A seeded run of commits, syncs, rotations, deletions and reopenings on a log. Used by one thread.
 *
 * <p>It plays the disk engine's part: a "flush" makes everything appended so far count as durable in tables,
 * and the floor it names is in the manifest before segments are deleted.
 */
final class LogWorkload {
  static final Path DIRECTORY = Path.of("/disk/database");
  private static final int STEPS = 60;

  private final InMemoryFileSystem fileSystem;
  private final Clock clock = new ManualClock();
  private final Random random;
  private final LogModel model;
  private final LogOptions options;
  private final @Nullable RecordingArchive archive;
  private @Nullable WriteAheadLog log;

  LogWorkload(InMemoryFileSystem fileSystem, long seed) throws IOException {
    this.fileSystem = fileSystem;
    this.random = new Random(seed);
    this.model = new LogModel(seed);
    long segmentBytes = LogOptions.SEGMENT_BYTES_MIN + random.nextInt(4) * 4096L;
    this.archive = random.nextInt(3) == 0 ? new RecordingArchive(fileSystem, random) : null;
    this.options =
        new LogOptions(seed, segmentBytes, random.nextInt(3))
            .withMapped(seed % 2 == 0)
            .withArchive(archive);
    fileSystem.createDirectories(DIRECTORY);
  }

  LogModel model() {
    return model;
  }

  LogOptions options() {
    return options;
  }

  /** Runs all steps and closes the log in order. */
  void run() {
    log = WriteAheadLog.create(fileSystem, clock, DIRECTORY, options, 0);
    created = true;
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    log().close();
    acknowledgeAll();
  }

  private boolean created;

  /** Returns whether there is a log that a manifest may name. */
  boolean isCreated() {
    return created;
  }

  /** Closes what a failure left open. */
  void abandon() {
    if (log != null) {
      log.abandon();
    }
  }

  private WriteAheadLog log() {
    WriteAheadLog open = log;
    if (open == null) {
      throw new IllegalStateException("no log is open");
    }
    return open;
  }

  private void step() {
    switch (random.nextInt(20)) {
      case 0 -> flush();
      case 1 -> {
        log().sync();
        acknowledgeAll();
      }
      case 2 -> reopen();
      case 3 -> log().rotate();
      case 4, 5 -> log().prepareAhead();
      case 6 -> archive();
      case 7 -> log().giveSpaceBack();
      default -> commitGroup();
    }
  }

  /** Several batches that one leader writes at once. */
  private void commitGroup() {
    int batches = 1 + random.nextInt(3);
    for (int i = 0; i < batches; i++) {
      long first = model.started() + 1;
      BatchEncoder batch = model.next(random);
      log().append(batch, first, clock.currentTimeMillis());
    }
    SyncMode mode = random.nextBoolean() ? SyncMode.ALWAYS : SyncMode.NONE;
    log().await(model.started(), mode);
    model.acknowledged = model.started();
    if (mode == SyncMode.ALWAYS) {
      model.acknowledgedDurable = model.started();
    }
  }

  /** Lets the archive have what it can get, and checks that all of it comes once and in order. */
  private void archive() {
    RecordingArchive present = archive;
    try {
      boolean more = true;
      while (more && !(present != null && present.isRefusing())) {
        more = log().archiveNext();
      }
    } catch (IOException e) {
      // it refused, and will be asked again
    }
    if (present != null && log().syncedSequence() > model.acknowledgedDurable) {
      model.acknowledgedDurable = log().syncedSequence(); // so far, the archive has it
    }
  }

  private void flush() {
    long floor = log().rotate();
    long flushed = model.acknowledged;
    model.manifest = new LogStart(floor, flushed, flushed);
    log().deleteSegmentsBelow(floor);
  }

  private void reopen() {
    if (random.nextBoolean()) {
      log().close();
      acknowledgeAll();
    } else {
      log().abandon();
    }
    LogModel.Checker checker = model.new Checker(model.manifest.flushedSequence());
    log = WriteAheadLog.recover(fileSystem, clock, DIRECTORY, options, model.manifest, checker);
    if (checker.last() != model.started() && model.started() > model.manifest.flushedSequence()) {
      throw new AssertionError(
          "recovered up to " + checker.last() + ", expected " + model.started());
    }
    acknowledgeAll(); // a recovery makes durable what it hands out
  }

  private void acknowledgeAll() {
    model.acknowledged = model.started();
    model.acknowledgedDurable = model.started();
  }
}
