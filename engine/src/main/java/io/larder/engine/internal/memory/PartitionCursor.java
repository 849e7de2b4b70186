package io.larder.engine.internal.memory;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.StoredBytes;
import org.jspecify.annotations.Nullable;

/** Walks the partitions of a view one after the other. Used by one thread at a time. */
final class PartitionCursor implements EntryCursor {
  private final MemoryView view;
  private final boolean descending;
  private int index;
  private @Nullable EntryCursor current;

  PartitionCursor(MemoryView view, boolean descending) {
    this.view = view;
    this.descending = descending;
    this.index = firstIndex();
  }

  private int firstIndex() {
    return descending ? view.size() - 1 : 0;
  }

  private boolean isInside() {
    return index >= 0 && index < view.size();
  }

  @Override
  public boolean next() {
    return advance(false);
  }

  @Override
  public boolean nextKey() {
    return advance(true);
  }

  private boolean advance(boolean byKey) {
    boolean skipVersions = byKey;
    while (isInside()) {
      EntryCursor entries = open();
      if (skipVersions ? entries.nextKey() : entries.next()) {
        return true;
      }
      closeCurrent();
      index += descending ? -1 : 1;
      skipVersions = false; // the next partition starts with another key
    }
    return false;
  }

  private EntryCursor open() {
    EntryCursor entries = current;
    if (entries == null) {
      entries = view.partition(index).cursor(descending);
      current = entries;
    }
    return entries;
  }

  @Override
  public void seek(int keyspaceId, byte[] key) {
    int target = view.indexOf(keyspaceId, key);
    if (target != index) {
      closeCurrent();
      index = target;
    }
    open().seek(keyspaceId, key);
  }

  @Override
  public void rewind() {
    closeCurrent();
    index = firstIndex();
  }

  private void closeCurrent() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  private EntryCursor entry() {
    if (current == null) {
      throw new IllegalStateException("next() has not returned true since the cursor moved");
    }
    return current;
  }

  @Override
  public boolean isDescending() {
    return descending;
  }

  @Override
  public int keyspaceId() {
    return entry().keyspaceId();
  }

  @Override
  public long sequence() {
    return entry().sequence();
  }

  @Override
  public boolean isDelete() {
    return entry().isDelete();
  }

  @Override
  public long expiresAtMillis() {
    return entry().expiresAtMillis();
  }

  @Override
  public byte[] keyArray() {
    return entry().keyArray();
  }

  @Override
  public int keyOffset() {
    return entry().keyOffset();
  }

  @Override
  public int keyLength() {
    return entry().keyLength();
  }

  @Override
  public int valueLength() {
    return entry().valueLength();
  }

  @Override
  public void copyValue(byte[] target, int offset) {
    entry().copyValue(target, offset);
  }

  @Override
  public void viewValue(StoredBytes view) {
    entry().viewValue(view);
  }

  @Override
  public void close() {
    closeCurrent();
    index = view.size();
  }
}
