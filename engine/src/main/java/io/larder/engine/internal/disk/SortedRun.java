package io.larder.engine.internal.disk;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.merge.ChainedCursor;
import io.larder.engine.internal.table.SortedTable;
import io.larder.engine.internal.table.TableMetadata;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tables that follow each other in key order without overlap: what one flush or merge wrote. Immutable.
 */
final class SortedRun implements ChainedCursor.Chain {
  private final long order;
  private final TableHandle[] tables;
  private final long maxSequence;
  private final long bytes;

  SortedRun(long order, List<TableHandle> tables) {
    this.order = order;
    this.tables = tables.toArray(TableHandle[]::new);
    Arrays.sort(this.tables, Comparator.comparing(TableHandle::metadata, SortedRun::compareFirst));
    requireDisjoint();
    this.maxSequence = tables.stream().mapToLong(t -> t.metadata().maxSequence()).max().orElse(0);
    this.bytes = tables.stream().mapToLong(t -> t.metadata().sizeBytes()).sum();
  }

  /** Reads look into one table of a run only, so tables that overlap would hide each other's entries. */
  private void requireDisjoint() {
    for (int index = 1; index < tables.length; index++) {
      TableMetadata left = tables[index - 1].metadata();
      TableMetadata right = tables[index].metadata();
      if (compare(left.lastKeyspaceId(), left.lastKey(), right.firstKeyspaceId(), right.firstKey())
          >= 0) {
        throw new CorruptionException(
            "The tables "
                + left.fileId()
                + " and "
                + right.fileId()
                + " of one sorted run overlap, expected the first to end before the second begins");
      }
    }
  }

  private static int compareFirst(TableMetadata left, TableMetadata right) {
    return compare(
        left.firstKeyspaceId(), left.firstKey(), right.firstKeyspaceId(), right.firstKey());
  }

  private static int compare(int leftId, byte[] leftKey, int rightId, byte[] rightKey) {
    int order = Integer.compareUnsigned(leftId, rightId);
    return order != 0 ? order : Arrays.compareUnsigned(leftKey, rightKey);
  }

  /** Returns its place among the runs: the larger, the newer. */
  long order() {
    return order;
  }

  List<TableHandle> tables() {
    return List.of(tables);
  }

  long bytes() {
    return bytes;
  }

  long maxSequence() {
    return maxSequence;
  }

  /** Returns the index of the only table that may hold a key: the first whose last key is not below it. */
  private int indexOf(int keyspaceId, byte[] key) {
    int low = 0;
    int high = tables.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      TableMetadata metadata = tables[middle].metadata();
      if (compare(metadata.lastKeyspaceId(), metadata.lastKey(), keyspaceId, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  boolean find(int keyspaceId, byte[] key, long maxSequenceSeen, Lookup result) {
    int index = tables.length == 1 ? 0 : indexOf(keyspaceId, key);
    return index < tables.length
        && tables[index].table().get(keyspaceId, key, maxSequenceSeen, result);
  }

  /** Brings what reading some keys of this run will need into the cache, see {@link SortedTable#warm}. */
  int warm(int keyspaceId, List<byte[]> keys) {
    @Nullable SortedTable[] places = new @Nullable SortedTable[keys.size()];
    for (int i = 0; i < places.length; i++) {
      int index = tables.length == 1 ? 0 : indexOf(keyspaceId, keys.get(i));
      places[i] = index < tables.length ? tables[index].table() : null;
    }
    return SortedTable.warm(places, keyspaceId, keys);
  }

  long newestSequence(int keyspaceId, byte[] key) {
    int index = indexOf(keyspaceId, key);
    return index < tables.length ? tables[index].table().newestSequence(keyspaceId, key) : 0;
  }

  EntryCursor cursor(boolean descending) {
    if (tables.length == 1) {
      return open(0, descending);
    }
    return new ChainedCursor(this, descending);
  }

  /** Returns whether a table of this run has keys between the first and the last of another table. */
  boolean overlaps(TableMetadata other) {
    for (TableHandle table : tables) {
      TableMetadata own = table.metadata();
      if (compare(own.firstKeyspaceId(), own.firstKey(), other.lastKeyspaceId(), other.lastKey())
              <= 0
          && compare(own.lastKeyspaceId(), own.lastKey(), other.firstKeyspaceId(), other.firstKey())
              >= 0) {
        return true;
      }
    }
    return false;
  }

  CompactionPicker.Shape shape() {
    long entries = 0;
    long deletes = 0;
    for (TableHandle table : tables) {
      entries += table.metadata().entryCount();
      deletes += table.metadata().deleteCount();
    }
    return new CompactionPicker.Shape(bytes, entries, deletes);
  }

  @Override
  public int size() {
    return tables.length;
  }

  @Override
  public EntryCursor open(int index, boolean descending) {
    return descending ? tables[index].table().cursorDescending() : tables[index].table().cursor();
  }

  @Override
  public long bytesBefore(int index) {
    long before = 0;
    for (int i = 0; i < index; i++) {
      before += tables[i].metadata().sizeBytes();
    }
    return before;
  }

  @Override
  public int seekIndex(int keyspaceId, byte[] key, boolean descending) {
    int index = indexOf(keyspaceId, key);
    if (!descending) {
      return index;
    }
    if (index == tables.length) {
      return index - 1;
    }
    TableMetadata metadata = tables[index].metadata();
    boolean startsAfter =
        compare(metadata.firstKeyspaceId(), metadata.firstKey(), keyspaceId, key) > 0;
    return startsAfter ? index - 1 : index;
  }
}
