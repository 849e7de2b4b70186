package io.larder.engine.internal.disk;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.MergingCursor;
import io.larder.engine.internal.mvcc.ReadView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Memtables, newest first, over tables, newest first; the first memtable takes changes. Immutable as a list. */
final class DiskView implements ReadView {
  private final Memtable[] memtables;
  private final TableSet tables;
  private final SortedRun[] runs;

  DiskView(Memtable[] memtables, TableSet tables) {
    this.memtables = memtables;
    this.tables = tables;
    this.runs = tables.runs();
  }

  Memtable active() {
    return memtables[0];
  }

  Memtable[] memtables() {
    return memtables;
  }

  TableSet tables() {
    return tables;
  }

  /** Returns a view in which a new memtable takes changes. */
  DiskView withActive(Memtable active) {
    Memtable[] more = new Memtable[memtables.length + 1];
    more[0] = active;
    System.arraycopy(memtables, 0, more, 1, memtables.length);
    return new DiskView(more, tables);
  }

  /** Returns a view without its oldest memtable, whose content is in the tables now. */
  DiskView withoutOldestMemtable(TableSet changed) {
    return new DiskView(Arrays.copyOf(memtables, memtables.length - 1), changed);
  }

  DiskView withTables(TableSet changed) {
    return new DiskView(memtables, changed);
  }

  long memtableBytes() {
    long bytes = 0;
    for (Memtable memtable : memtables) {
      bytes += memtable.bytes();
    }
    return bytes;
  }

  @Override
  public boolean find(int keyspaceId, byte[] key, long maxSequence, Lookup result) {
    for (Memtable memtable : memtables) {
      if (memtable.get(keyspaceId, key, maxSequence, result)) {
        return true;
      }
    }
    for (SortedRun run : runs) {
      if (run.find(keyspaceId, key, maxSequence, result)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int warm(int keyspaceId, List<byte[]> keys, int from, int to) {
    List<byte[]> some = keys.subList(from, to);
    int sum = 0;
    for (Memtable memtable : memtables) {
      if (!memtable.isEmpty()) {
        sum += memtable.warm(keyspaceId, some);
      }
    }
    for (SortedRun run : runs) {
      sum += run.warm(keyspaceId, some);
    }
    return sum;
  }

  @Override
  public long newestSequence(int keyspaceId, byte[] key, long bound) {
    for (Memtable memtable : memtables) {
      long sequence = memtable.newestSequence(keyspaceId, key);
      if (sequence != 0) {
        return sequence;
      }
    }
    for (SortedRun run : runs) {
      if (run.maxSequence() <= bound) {
        break;
      }
      long sequence = run.newestSequence(keyspaceId, key);
      if (sequence != 0) {
        return sequence;
      }
    }
    return 0;
  }

  @Override
  public EntryCursor cursor(boolean descending) {
    List<EntryCursor> sources = new ArrayList<>(memtables.length + runs.length);
    for (Memtable memtable : memtables) {
      if (!memtable.isEmpty()) { // what is added later is above any sequence number known by now
        sources.add(descending ? memtable.cursorDescending() : memtable.cursor());
      }
    }
    for (SortedRun run : runs) {
      sources.add(run.cursor(descending));
    }
    return MergingCursor.of(sources, descending);
  }
}
