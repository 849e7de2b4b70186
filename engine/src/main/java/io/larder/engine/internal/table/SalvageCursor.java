package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.table.TableProperties.KeyspaceRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the versions of a damaged table, ascending, and passes over the blocks that cannot be read, noting what is
 * missing. One thread; owns nothing. It moves forward only.
 */
public final class SalvageCursor implements EntryCursor {
  private final SortedTable table;
  private final TableCursor cursor;
  private final List<LostRange> losses = new ArrayList<>();
  private @Nullable Gap gap;
  private int lastKeyspaceId;
  private byte @Nullable [] lastKey;

  /**
   * Keys of one keyspace that a table held and that cannot be read.
   *
   * @param keyspaceId the keyspace
   * @param after the last key before them that was read, or null
   * @param before the first key behind them that was read, or null
   * @param problem what was found
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
  public record LostRange(
      int keyspaceId, byte @Nullable [] after, byte @Nullable [] before, String problem) {}

  /** A loss whose end is not known yet. */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
  private record Gap(int keyspaceId, byte @Nullable [] after, String problem) {}

  SalvageCursor(SortedTable table) {
    this.table = table;
    this.cursor = new TableCursor(table, false);
  }

  /** Returns what could not be read, in order; complete once {@link #next} has returned false. */
  public List<LostRange> losses() {
    return losses;
  }

  @Override
  public boolean next() {
    while (true) {
      try {
        boolean found = cursor.next();
        if (found) {
          cursor.requireValue();
          noteEntry();
        } else {
          endGap(null);
        }
        return found;
      } catch (CorruptionException | IndexOutOfBoundsException e) {
        noteLoss(cursor.blockNumber(), String.valueOf(e.getMessage()));
        cursor.leaveBlock();
      }
    }
  }

  @Override
  public boolean nextKey() {
    int keyspaceId = lastKeyspaceId;
    byte[] key = lastKey;
    while (next()) {
      if (key == null || compareKey(keyspaceId, key) != 0) {
        return true;
      }
    }
    return false;
  }

  private void noteEntry() {
    Gap open = gap;
    int keyspaceId = cursor.keyspaceId();
    if (open != null) {
      endGap(open.keyspaceId() == keyspaceId ? cursor.key() : null);
    }
    lastKeyspaceId = keyspaceId;
    lastKey = cursor.key();
  }

  private void noteLoss(int block, String problem) {
    int keyspaceId = keyspaceOf(block);
    Gap open = gap;
    if (open != null && open.keyspaceId() == keyspaceId) {
      return; // goes on
    }
    endGap(null);
    gap = new Gap(keyspaceId, keyspaceId == lastKeyspaceId ? lastKey : null, problem);
  }

  private void endGap(byte @Nullable [] before) {
    Gap open = gap;
    if (open != null) {
      losses.add(new LostRange(open.keyspaceId(), open.after(), before, open.problem()));
      gap = null;
    }
  }

  private int keyspaceOf(int block) {
    for (int i = 0; i < table.keyspaceCount(); i++) {
      KeyspaceRange range = table.keyspace(i);
      if (block < range.firstBlock() + range.blockCount()) {
        return range.keyspaceId();
      }
    }
    return lastKeyspaceId;
  }

  @Override
  public void seek(int keyspaceId, byte[] key) {
    throw new UnsupportedOperationException("what is saved is walked once, from the beginning");
  }

  @Override
  public void rewind() {
    throw new UnsupportedOperationException("what is saved is walked once, from the beginning");
  }

  @Override
  public boolean isDescending() {
    return false;
  }

  @Override
  public int keyspaceId() {
    return cursor.keyspaceId();
  }

  @Override
  public long sequence() {
    return cursor.sequence();
  }

  @Override
  public boolean isDelete() {
    return cursor.isDelete();
  }

  @Override
  public long expiresAtMillis() {
    return cursor.expiresAtMillis();
  }

  @Override
  public byte[] keyArray() {
    return cursor.keyArray();
  }

  @Override
  public int keyOffset() {
    return cursor.keyOffset();
  }

  @Override
  public int keyLength() {
    return cursor.keyLength();
  }

  @Override
  public int valueLength() {
    return cursor.valueLength();
  }

  @Override
  public void copyValue(byte[] target, int offset) {
    cursor.copyValue(target, offset);
  }

  @Override
  public void close() {
    cursor.close();
  }
}
