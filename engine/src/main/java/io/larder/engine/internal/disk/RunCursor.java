package io.larder.engine.internal.disk;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.StoredBytes;
import org.jspecify.annotations.Nullable;

/** Walks the tables of a run one after the other. Used by one thread at a time. */
final class RunCursor implements EntryCursor {
  private final SortedRun run;
  private final boolean descending;
  private int index;
  private @Nullable EntryCursor current;

  RunCursor(SortedRun run, boolean descending) {
    this.run = run;
    this.descending = descending;
    this.index = firstIndex();
  }

  private int firstIndex() {
    return descending ? run.size() - 1 : 0;
  }

  private boolean isInside() {
    return index >= 0 && index < run.size();
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
      if (current == null) {
        current = run.open(index, descending);
      }
      if (skipVersions ? current.nextKey() : current.next()) {
        return true;
      }
      closeCurrent();
      index += descending ? -1 : 1;
      skipVersions = false; // the next table starts with another key
    }
    return false;
  }

  @Override
  public void seek(int keyspaceId, byte[] key) {
    int target = run.seekIndex(keyspaceId, key, descending);
    if (target != index) {
      closeCurrent();
      index = target;
    }
    if (isInside()) {
      if (current == null) {
        current = run.open(index, descending);
      }
      current.seek(keyspaceId, key);
    }
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
  public long bytesPassed() {
    long bytes = current == null ? 0 : current.bytesPassed();
    for (int before = 0; before < index; before++) {
      bytes += run.tables().get(before).metadata().sizeBytes();
    }
    return bytes;
  }

  @Override
  public void close() {
    closeCurrent();
    index = run.size();
  }
}
