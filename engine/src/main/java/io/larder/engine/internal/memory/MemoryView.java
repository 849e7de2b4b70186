package io.larder.engine.internal.memory;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.MergingCursor;
import io.larder.engine.internal.mvcc.ReadView;
import io.larder.engine.internal.mvcc.StorageEngine.PinnedView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Memtables, newest first; the first one takes changes. Thread-safe; memory lives as long as somebody looks. */
final class MemoryView implements ReadView, PinnedView {
  private final Memtable[] memtables;

  MemoryView(Memtable... memtables) {
    this.memtables = memtables;
  }

  Memtable active() {
    return memtables[0];
  }

  /** Returns a view with one more memtable, which takes changes from now on. */
  MemoryView withActive(Memtable active) {
    Memtable[] more = new Memtable[memtables.length + 1];
    more[0] = active;
    System.arraycopy(memtables, 0, more, 1, memtables.length);
    return new MemoryView(more);
  }

  /** Returns whether there is more than the active memtable. */
  boolean hasOlder() {
    return memtables.length > 1;
  }

  /** Returns a view of the older memtables only. Requires: {@link #hasOlder}. */
  MemoryView withoutActive() {
    return new MemoryView(Arrays.copyOfRange(memtables, 1, memtables.length));
  }

  long shadowedBytes() {
    long bytes = 0;
    for (Memtable memtable : memtables) {
      bytes += memtable.shadowedBytes();
    }
    return bytes;
  }

  long bytes() {
    long bytes = 0;
    for (Memtable memtable : memtables) {
      bytes += memtable.bytes();
    }
    return bytes;
  }

  long entries() {
    long entries = 0;
    for (Memtable memtable : memtables) {
      entries += memtable.count();
    }
    return entries;
  }

  long keys(int keyspaceId) {
    long keys = 0;
    for (Memtable memtable : memtables) {
      keys += memtable.keyCount(keyspaceId);
    }
    return keys;
  }

  @Override
  public boolean find(int keyspaceId, byte[] key, long maxSequence, Lookup result) {
    for (Memtable memtable : memtables) {
      if (memtable.get(keyspaceId, key, maxSequence, result)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long newestSequence(int keyspaceId, byte[] key, long bound) {
    for (Memtable memtable : memtables) {
      long sequence = memtable.newestSequence(keyspaceId, key);
      if (sequence != 0) {
        return sequence;
      }
    }
    return 0;
  }

  @Override
  public EntryCursor cursor(boolean descending) {
    if (memtables.length == 1) {
      return cursor(memtables[0], descending);
    }
    List<EntryCursor> sources = new ArrayList<>(memtables.length);
    for (Memtable memtable : memtables) {
      sources.add(cursor(memtable, descending));
    }
    return MergingCursor.of(sources, descending);
  }

  private static EntryCursor cursor(Memtable memtable, boolean descending) {
    return descending ? memtable.cursorDescending() : memtable.cursor();
  }

  @Override
  public ReadView view() {
    return this;
  }

  @Override
  public void close() {
    // memory is given back by the garbage collector once the last reader has left
  }
}
