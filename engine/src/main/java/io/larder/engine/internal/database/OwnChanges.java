package io.larder.engine.internal.database;

import io.larder.engine.api.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The changes of one transaction, by keyspace and key, each of which can be undone. Used by one thread. */
final class OwnChanges {
  /** What stands for the sequence number of a change that is not committed. */
  static final long NOT_COMMITTED = 0;

  /** What a key had before a change; null = nothing of this transaction's. */
  private record Undo(
      NavigableMap<byte[], WriteBatch.Change> keyspace,
      WriteBatch.Change change,
      WriteBatch.@Nullable Change before) {}

  private final IdentityHashMap<KeyspaceState, NavigableMap<byte[], WriteBatch.Change>> byKeyspace =
      new IdentityHashMap<>();
  private final List<Undo> undos = new ArrayList<>();
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
    undos.add(new Undo(changes, change, before));
    bytes += bytesOf(change);
  }

  /** Returns the bytes of all changes, overwritten ones included. */
  long bytes() {
    return bytes;
  }

  /** Returns the number of changes made so far. */
  int mark() {
    return undos.size();
  }

  void undoTo(int mark) {
    for (int index = undos.size() - 1; index >= mark; index--) {
      Undo undo = undos.remove(index);
      bytes -= bytesOf(undo.change());
      if (undo.before() == null) {
        undo.keyspace().remove(undo.change().key());
      } else {
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

  private static long bytesOf(WriteBatch.Change change) {
    byte[] value = change.value();
    return (long) change.key().length + (value == null ? 0 : value.length);
  }
}
