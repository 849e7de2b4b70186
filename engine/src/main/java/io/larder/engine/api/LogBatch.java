package io.larder.engine.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One batch in a write-ahead log. Immutable.
 *
 * @param position its offset in the file
 * @param bytes what it takes there
 * @param firstSequence the sequence number of its first change
 * @param lastSequence the sequence number of its last change
 * @param committedAtMillis when it was committed, in milliseconds since the epoch
 * @param changes its changes, empty if they were not asked for
 */
public record LogBatch(
    long position,
    long bytes,
    long firstSequence,
    long lastSequence,
    long committedAtMillis,
    List<Change> changes) {

  /** Creates an immutable copy. */
  public LogBatch {
    changes = List.copyOf(changes);
  }

  /**
   * One change of a batch.
   *
   * @param dataId the number that stands for the keyspace in files; another one after the keyspace was cleared
   * @param key the key
   * @param value the new value, or null if the key was deleted
   * @param expiresAtMillis absolute expiry in milliseconds since the epoch, 0 = never
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
  public record Change(int dataId, byte[] key, byte @Nullable [] value, long expiresAtMillis) {}
}
