package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.table.TableProperties.KeyspaceRange;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Reads a whole table and checks that checksums, order, counts, hash index and filter agree. One thread. */
final class TableVerifier {
  /** How many entries are read between two words of progress. */
  private static final int TOLD_ENTRIES = 4096;

  private final SortedTable table;
  private final LongConsumer reached;
  private final TablePages pages;
  private final TableRecord found = new TableRecord();
  private final TableBlock block;
  private long entries;
  private long deletes;
  private long keys;
  private long minSequence = Long.MAX_VALUE;
  private long maxSequence;

  /**
   * Creates a verifier.
   *
   * @param reached is told, now and then, the offset in the file up to which entries were read
   */
  TableVerifier(SortedTable table, LongConsumer reached) {
    this.table = table;
    this.reached = reached;
    this.pages = table.pages();
    this.block = new TableBlock(pages);
  }

  void verify() {
    pages.requireAll(); // names the place
    verifyChecksum();
    try (TableCursor cursor = new TableCursor(table, false)) {
      boolean hasEntry = cursor.next();
      for (int i = 0; i < table.keyspaceCount(); i++) {
        KeyspaceRange range = table.keyspace(i);
        entries = 0;
        deletes = 0;
        keys = 0;
        hasEntry = verifyKeyspace(cursor, hasEntry, range);
        boolean counted =
            entries == range.entryCount()
                && deletes == range.deleteCount()
                && keys == range.keyCount();
        if (!counted) {
          throw pages.corrupt(
              range.start(),
              entries + " entries, " + deletes + " deletes, " + keys + " keys in " + range);
        }
      }
      TableProperties properties = table.properties();
      if (hasEntry
          || minSequence != properties.minSequence()
          || maxSequence != properties.maxSequence()) {
        throw pages.corrupt(0, "sequence numbers " + minSequence + " to " + maxSequence);
      }
    }
  }

  private void verifyChecksum() {
    int checksum = Checksums.crc32c(pages.file, 0, pages.file.limit());
    int expected = table.metadata().checksum();
    if (checksum != expected) {
      throw new CorruptionException(
          pages.path
              + ": found checksum "
              + HexFormat.of().toHexDigits(checksum)
              + " over the whole file, expected "
              + HexFormat.of().toHexDigits(expected));
    }
  }

  private boolean verifyKeyspace(TableCursor cursor, boolean first, KeyspaceRange range) {
    boolean hasEntry = first;
    byte[] lastKey = null;
    long lastSequence = 0;
    while (hasEntry && cursor.keyspaceId() == range.keyspaceId()) {
      byte[] key = cursor.key();
      int order = lastKey == null ? -1 : Arrays.compareUnsigned(lastKey, key);
      if (order > 0 || order == 0 && cursor.sequence() >= lastSequence) {
        throw pages.corrupt(cursor.recordStart(), "an entry that does not come after the last");
      }
      if (order != 0) {
        keys++;
        verifyPoint(range.keyspaceId(), key, cursor.recordStart());
      }
      lastKey = key;
      lastSequence = cursor.sequence();
      minSequence = Math.min(minSequence, lastSequence);
      maxSequence = Math.max(maxSequence, lastSequence);
      entries++;
      if (entries % TOLD_ENTRIES == 0) {
        reached.accept(cursor.recordStart());
      }
      deletes += cursor.isDelete() ? 1 : 0;
      hasEntry = cursor.next();
    }
    if (!Arrays.equals(lastKey, range.lastKey())) {
      throw pages.corrupt(range.end(), "another last key than that of " + range);
    }
    return hasEntry;
  }

  private void verifyPoint(int keyspaceId, byte[] key, int recordStart) {
    if (!table.find(keyspaceId, key, found) || found.start != recordStart) {
      throw pages.corrupt(recordStart, "a key that hash index or filter do not know");
    }
    if (!table.getByOrder(keyspaceId, key, found, block) || found.start != recordStart) {
      throw pages.corrupt(recordStart, "a key that the block index does not lead to");
    }
  }
}
