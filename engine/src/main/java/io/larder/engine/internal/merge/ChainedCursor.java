package io.larder.engine.internal.merge;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.StoredBytes;
import org.jspecify.annotations.Nullable;

/**
 * Walks sources that follow each other in key order, one after the other, and opens each when it is reached. Used by one
 * thread at a time; closes what it opened.
 */
public final class ChainedCursor implements EntryCursor {
  /** The sources, ascending, without a key in common. */
  public interface Chain {
    /** Returns how many there are. */
    int size();

    /** Opens a cursor over one of them. */
    EntryCursor open(int index, boolean descending);

    /** Returns in which of them a seek starts; -1 or {@link #size} if that is outside of all. */
    int seekIndex(int keyspaceId, byte[] key, boolean descending);

    /** Returns the bytes of files that those before an index take. */
    default long bytesBefore(int index) {
      return 0;
    }
  }

  private final Chain chain;
  private final boolean descending;
  private int index;
  private @Nullable EntryCursor current;

  /** Creates a cursor before the first entry. */
  public ChainedCursor(Chain chain, boolean descending) {
    this.chain = chain;
    this.descending = descending;
    this.index = firstIndex();
  }

  private int firstIndex() {
    return descending ? chain.size() - 1 : 0;
  }

  private boolean isInside() {
    return index >= 0 && index < chain.size();
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
      skipVersions = false; // the next source starts with another key
    }
    return false;
  }

  /** Returns the cursor over the source the walk is in. Requires: it is in one. */
  private EntryCursor open() {
    EntryCursor entries = current;
    if (entries == null) {
      entries = chain.open(index, descending);
      current = entries;
    }
    return entries;
  }

  @Override
  public void seek(int keyspaceId, byte[] key) {
    int target = chain.seekIndex(keyspaceId, key, descending);
    if (target != index) {
      closeCurrent();
      index = target;
    }
    if (isInside()) {
      open().seek(keyspaceId, key);
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
    return (current == null ? 0 : current.bytesPassed()) + chain.bytesBefore(index);
  }

  @Override
  public void close() {
    closeCurrent();
    index = chain.size();
  }
}
