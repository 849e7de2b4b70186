package io.larder.engine.internal.memory;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.memtable.Memtable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the versions of a key around: cursors give the newest first, a memtable takes the oldest first. Used by
 * one thread.
 */
final class VersionsOfKey {
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
  private record Version(long sequence, byte @Nullable [] value, long expiresAtMillis) {}

  private final List<Version> versions = new ArrayList<>();
  private int keyspaceId;
  private byte[] key = {};

  /** Returns whether the cursor's current entry is of the key collected. */
  boolean takes(EntryCursor cursor) {
    return !versions.isEmpty() && cursor.compareKey(keyspaceId, key) == 0;
  }

  void add(EntryCursor cursor) {
    if (versions.isEmpty()) {
      keyspaceId = cursor.keyspaceId();
      key = cursor.key();
    }
    byte @Nullable [] value = cursor.isDelete() ? null : cursor.value();
    versions.add(new Version(cursor.sequence(), value, cursor.expiresAtMillis()));
  }

  /** Adds what was collected to a memtable and starts over. */
  void moveTo(Memtable memtable) {
    for (int index = versions.size() - 1; index >= 0; index--) {
      Version version = versions.get(index);
      memtable.add(keyspaceId, key, version.sequence(), version.value(), version.expiresAtMillis());
    }
    versions.clear();
  }
}
