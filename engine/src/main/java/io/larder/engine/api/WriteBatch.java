package io.larder.engine.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes to any keyspaces of one database that are committed together: all of them or none, visible at
 * once. Later changes of a key win over earlier ones. Not thread-safe; reusable after {@link #clear}.
 *
 * <p>Arrays are not copied: do not change them before the batch is written.
 */
public final class WriteBatch {

  /**
   * One change.
   *
   * @param keyspace the keyspace changed
   * @param key the key
   * @param value the new value, or null to delete
   * @param expiresAtMillis absolute expiry in milliseconds since the epoch, 0 = never
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier on the hot path; compared by nobody
  public record Change(
      Keyspace keyspace, byte[] key, byte @Nullable [] value, long expiresAtMillis) {}

  private final List<Change> changes = new ArrayList<>();

  /** Sets a key's value without expiry. */
  public WriteBatch put(Keyspace keyspace, byte[] key, byte[] value) {
    return put(keyspace, key, value, 0);
  }

  /** Sets a key's value with an absolute expiry in milliseconds since the epoch, 0 = never. */
  public WriteBatch put(Keyspace keyspace, byte[] key, byte[] value, long expiresAtMillis) {
    changes.add(
        new Change(
            Objects.requireNonNull(keyspace, "keyspace"),
            Objects.requireNonNull(key, "key"),
            Objects.requireNonNull(value, "value"),
            expiresAtMillis));
    return this;
  }

  /** Deletes a key. */
  public WriteBatch delete(Keyspace keyspace, byte[] key) {
    changes.add(
        new Change(
            Objects.requireNonNull(keyspace, "keyspace"),
            Objects.requireNonNull(key, "key"),
            null,
            0));
    return this;
  }

  /** Returns the changes in order; a live view. */
  public List<Change> changes() {
    return changes;
  }

  /** Returns the number of changes. */
  public int size() {
    return changes.size();
  }

  /** Returns whether there is no change. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Forgets all changes. */
  public void clear() {
    changes.clear();
  }
}
