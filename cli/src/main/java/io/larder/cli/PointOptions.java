package io.larder.cli;

import io.larder.engine.api.RestorePoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How far a log is replayed behind a backup: the options all commands have that ask for it. Used by one thread. */
class PointOptions {
  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "Everything committed until then: 2026-03-01T14:05:00Z, '2026-03-01 14:05' (in the time"
              + " zone of this machine) or 'yesterday 14:05'.")
  private @Nullable Instant time;

  @Option(
      names = "--to-sequence",
      paramLabel = "N",
      description = "Everything up to this sequence number ('larder wal inspect' shows them).")
  private @Nullable Long sequence;

  /** Returns whether a point is asked for. */
  boolean isGiven() {
    return time != null || sequence != null;
  }

  /** Returns the point asked for, or what it is otherwise. */
  RestorePoint pointOr(RestorePoint otherwise) {
    if (time != null) {
      return RestorePoint.time(time);
    }
    return sequence != null ? RestorePoint.sequence(sequence) : otherwise;
  }
}
