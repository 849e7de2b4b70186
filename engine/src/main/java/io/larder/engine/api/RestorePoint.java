package io.larder.engine.api;

import java.time.Instant;

/** The moment to which a database is restored. Immutable. */
public sealed interface RestorePoint {

  /** Exactly what the backup holds. */
  record OfBackup() implements RestorePoint {
    @Override
    public String toString() {
      return "the state of the backup";
    }
  }

  /** Everything that can still be read: the backup, the archived log and the log of the database. */
  record Latest() implements RestorePoint {
    @Override
    public String toString() {
      return "the latest state there is";
    }
  }

  /**
   * The state after a sequence number; a batch that straddles it is left out.
   *
   * @param sequence the last sequence number that may be in it
   */
  record Sequence(long sequence) implements RestorePoint {
    @Override
    public String toString() {
      return "sequence number " + sequence;
    }
  }

  /**
   * The state at a time: everything committed until then.
   *
   * @param time the time, to the millisecond
   */
  record Time(Instant time) implements RestorePoint {
    @Override
    public String toString() {
      return time.toString();
    }
  }

  /** Returns the state of the backup. */
  static RestorePoint ofBackup() {
    return new OfBackup();
  }

  /** Returns the latest state. */
  static RestorePoint latest() {
    return new Latest();
  }

  /** Returns the state after a sequence number. */
  static RestorePoint sequence(long sequence) {
    return new Sequence(sequence);
  }

  /** Returns the state at a time. */
  static RestorePoint time(Instant time) {
    return new Time(time);
  }
}
