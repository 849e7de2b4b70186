package io.larder.engine.internal.table;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.StoredBytes;
import io.larder.engine.internal.table.TableProperties.KeyspaceRange;

/** Walks a table's versions in either direction, block by block. One thread; owns nothing. */
final class TableCursor implements EntryCursor {
  private final SortedTable table;
  private final TablePages pages;
  private final BlockIndex index;
  private final TableBlock block;
  private final boolean descending;

  /** The block that is loaded; one outside the table when before the first or behind the last. */
  private int blockNumber;

  private int keyspaceIndex;
  private int keyspaceId;

  /** Ascending: where the next key's record is. Descending: the index of the next key in the block. */
  private int nextOffset;

  private int nextKeyIndex;
  private boolean blockLoaded;
  private boolean onEntry;

  TableCursor(SortedTable table, boolean descending) {
    this.table = table;
    this.pages = table.pages();
    this.index = table.blockIndex();
    this.block = new TableBlock(pages);
    this.descending = descending;
    rewind();
  }

  @Override
  public void rewind() {
    standBefore(descending ? table.blockCount() : -1);
  }

  /** Stands so that the next move loads the following block. */
  private void standBefore(int number) {
    blockNumber = number;
    keyspaceIndex = descending ? table.keyspaceCount() - 1 : 0;
    blockLoaded = false;
    onEntry = false;
  }

  @Override
  public void seek(int soughtKeyspaceId, byte[] key) {
    try {
      seekMapped(soughtKeyspaceId, key);
    } catch (InternalError e) {
      throw pages.unreadable(e);
    }
  }

  private void seekMapped(int soughtKeyspaceId, byte[] key) {
    int position = table.ceilingKeyspace(soughtKeyspaceId);
    boolean known =
        position < table.keyspaceCount()
            && table.keyspace(position).keyspaceId() == soughtKeyspaceId;
    if (!known) {
      int firstBlock =
          position < table.keyspaceCount()
              ? table.keyspace(position).firstBlock()
              : table.blockCount();
      standBefore(descending ? firstBlock : firstBlock - 1);
      return;
    }
    KeyspaceRange range = table.keyspace(position);
    int floor = index.floor(range, key);
    if (floor < range.firstBlock()) {
      standBefore(descending ? range.firstBlock() : floor);
      return;
    }
    onEntry = false;
    load(floor);
    if (descending) {
      seekDescending(key);
    } else {
      seekAscending(key);
    }
  }

  private void seekAscending(byte[] key) {
    int offset = block.firstRecord();
    while (!block.isEnd(offset)) {
      block.moveTo(offset);
      if (block.compareKey(key) >= 0) {
        break;
      }
      offset = block.endOfKey();
    }
    nextOffset = offset;
  }

  private void seekDescending(byte[] key) {
    int low = 0;
    int high = nextKeyIndex + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      block.moveTo(block.keyStart(middle));
      if (block.compareKey(key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    nextKeyIndex = low - 1;
  }

  private void load(int number) {
    blockNumber = number;
    block.load(index.start(number), index.end(number));
    blockLoaded = true;
    if (descending) {
      nextKeyIndex = block.collectKeyStarts() - 1;
    } else {
      nextOffset = block.firstRecord();
    }
    while (number >= blocksEnd(keyspaceIndex)) {
      keyspaceIndex++;
    }
    while (number < table.keyspace(keyspaceIndex).firstBlock()) {
      keyspaceIndex--;
    }
    keyspaceId = table.keyspace(keyspaceIndex).keyspaceId();
  }

  private int blocksEnd(int keyspace) {
    KeyspaceRange range = table.keyspace(keyspace);
    return range.firstBlock() + range.blockCount();
  }

  @Override
  public boolean next() {
    if (onEntry && block.record.olderFollows()) {
      try {
        block.moveToOlder();
      } catch (InternalError e) {
        throw pages.unreadable(e);
      }
      return true;
    }
    return nextKey();
  }

  @Override
  public boolean nextKey() {
    try {
      return nextMappedKey();
    } catch (InternalError e) {
      throw pages.unreadable(e);
    }
  }

  private boolean nextMappedKey() {
    if (onEntry && !descending) {
      nextOffset = block.endOfKey();
    }
    while (!blockLoaded || isBlockDone()) {
      int following = blockNumber + (descending ? -1 : 1);
      if (following < 0 || following >= table.blockCount()) {
        onEntry = false;
        standBefore(descending ? -1 : table.blockCount());
        return false;
      }
      load(following);
      onEntry = false;
    }
    block.moveTo(descending ? block.keyStart(nextKeyIndex--) : nextOffset);
    onEntry = true;
    return true;
  }

  private boolean isBlockDone() {
    return descending ? nextKeyIndex < 0 : block.isEnd(nextOffset);
  }

  @Override
  public boolean isDescending() {
    return descending;
  }

  @Override
  public int keyspaceId() {
    return keyspaceId;
  }

  @Override
  public long sequence() {
    return block.record.sequence;
  }

  @Override
  public boolean isDelete() {
    return block.record.isDelete();
  }

  @Override
  public long expiresAtMillis() {
    return block.record.expiresAtMillis;
  }

  @Override
  public byte[] keyArray() {
    return block.key();
  }

  @Override
  public int keyOffset() {
    return block.keyOffset();
  }

  @Override
  public int keyLength() {
    return block.keyLength();
  }

  @Override
  public int valueLength() {
    return block.record.valueLength;
  }

  @Override
  public void copyValue(byte[] target, int offset) {
    try {
      block.copyValue(target, offset);
    } catch (InternalError e) {
      throw pages.unreadable(e);
    }
  }

  /** Checks the current value, if that was left to those who look at it. */
  void requireValue() {
    block.requireValue();
  }

  @Override
  public void viewValue(StoredBytes view) {
    block.viewValue(view);
  }

  @Override
  public long bytesPassed() {
    if (blockNumber < 0 || !blockLoaded && blockNumber < table.blockCount()) {
      return 0;
    }
    long size = table.metadata().sizeBytes();
    return blockNumber >= table.blockCount() ? size : size * nextOffset / table.blocksEnd();
  }

  /** Leaves the block that could not be loaded or read, so that the next move goes to the one after it. */
  void leaveBlock() {
    standBefore(blockNumber);
  }

  /** Returns the number of the block that is loaded, or could not be. */
  int blockNumber() {
    return blockNumber;
  }

  /** Returns where in the file the current record starts. */
  int recordStart() {
    return block.record.start;
  }

  @Override
  public void close() {
    standBefore(descending ? -1 : table.blockCount());
    block.release();
  }
}
