package io.larder.engine.internal.database;

import io.larder.engine.api.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one transaction, by keyspace and key, each of which can be undone. Used by one thread.
 *
 * <p>What a change replaced is kept only once there is a savepoint to go back to, so a transaction without any that
 * writes the same keys again and again does not grow.
 */
final class OwnChanges {
  /** What stands for the sequence number of a change that is not committed. */
  static final long NOT_COMMITTED = 0;

  /** What a change takes beside its key and value: two arrays' headers, a node of the map, what undoes it. */
  static final int OVERHEAD_BYTES = 128;

  /** What a key had before a change; null = nothing of this transaction's. */
  private record Undo(
      NavigableMap<byte[], WriteBatch.Change> keyspace,
      WriteBatch.Change change,
      WriteBatch.@Nullable Change before) {}

  private final IdentityHashMap<KeyspaceState, NavigableMap<byte[], WriteBatch.Change>> byKeyspace =
      new IdentityHashMap<>(4);
  private final List<Undo> undos = new ArrayList<>(0);
  private boolean undoing;
  private long bytes;

  WriteBatch.@Nullable Change find(StoredKeyspace keyspace, byte[] key) {
    NavigableMap<byte[], WriteBatch.Change> changes = byKeyspace.get(keyspace.state());
    return changes == null ? null : changes.get(key);
  }

  /** Returns the changes of a keyspace by key; a live view. */
  NavigableMap<byte[], WriteBatch.Change> of(StoredKeyspace keyspace) {
    return byKeyspace.computeIfAbsent(
        keyspace.state(), state -> new TreeMap<>(Arrays::compareUnsigned));
  }

  void set(WriteBatch.Change change) {
    NavigableMap<byte[], WriteBatch.Change> changes = of((StoredKeyspace) change.keyspace());
    WriteBatch.Change before = changes.put(change.key(), change);
    bytes += bytesOf(change);
    if (undoing) {
      undos.add(new Undo(changes, change, before));
    } else if (before != null) {
      bytes -= bytesOf(before);
    }
  }

  /** Returns the bytes all changes take, those included that a savepoint may bring back. */
  long bytes() {
    return bytes;
  }

  /** Returns the bytes that one more change of a key would make free. */
  long replacedBytes(StoredKeyspace keyspace, byte[] key) {
    WriteBatch.Change before = undoing ? null : find(keyspace, key);
    return before == null ? 0 : bytesOf(before);
  }

  /** Returns a mark to go back to. */
  int mark() {
    undoing = true;
    return undos.size();
  }

  /** Returns whether {@link #undoTo} can go back to a mark. */
  boolean isMark(int mark) {
    return undoing && mark >= 0 && mark <= undos.size();
  }

  void undoTo(int mark) {
    for (int index = undos.size() - 1; index >= mark; index--) {
      Undo undo = undos.remove(index);
      bytes -= bytesOf(undo.change());
      if (undo.before() == null) {
        undo.keyspace().remove(undo.change().key());
      } else {
        // under the key of old: a map that finds a key present does not take the new array
        undo.keyspace().put(undo.change().key(), undo.before());
      }
    }
  }

  /** Returns the last change of each key. */
  List<WriteBatch.Change> all() {
    List<WriteBatch.Change> all = new ArrayList<>();
    byKeyspace.values().forEach(changes -> all.addAll(changes.values()));
    return all;
  }

  /** Returns the bytes a change takes. */
  static long bytesOf(int keyBytes, byte @Nullable [] value) {
    return (long) OVERHEAD_BYTES + keyBytes + (value == null ? 0 : value.length);
  }

  private static long bytesOf(WriteBatch.Change change) {
    return bytesOf(change.key().length, change.value());
  }
}
