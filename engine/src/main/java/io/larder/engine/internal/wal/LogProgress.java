package io.larder.engine.internal.wal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a log has come: up to which sequence number it is appended, written and synced. Thread-safe to read; the first
 * is set under the tail's lock, the others by the leader.
 *
 * <p>In each log {@code synced <= written <= appended}. A mapped log has written what was appended.
 */
final class LogProgress {
  private final boolean mapped;
  private volatile long appended;
  private volatile long written;
  private volatile long synced;
  private final AtomicLong syncRequested;

  LogProgress(boolean mapped, long lastSequence) {
    this.mapped = mapped;
    this.appended = lastSequence;
    this.written = lastSequence;
    this.synced = lastSequence;
    this.syncRequested = new AtomicLong(lastSequence);
  }

  long appended() {
    return appended;
  }

  void appendedTo(long sequence) {
    appended = sequence;
  }

  /** Returns the last sequence number handed to the operating system. */
  long written() {
    return mapped ? appended : written;
  }

  void writtenTo(long sequence) {
    written = sequence;
  }

  long synced() {
    return synced;
  }

  void syncedTo(long sequence) {
    synced = sequence;
  }

  /** Asks the next leader for a sync. */
  void requestSync(long sequence) {
    syncRequested.accumulateAndGet(sequence, Math::max);
  }

  /** Returns whether somebody waits for a sync. */
  boolean isSyncRequested() {
    return syncRequested.get() > synced;
  }
}
