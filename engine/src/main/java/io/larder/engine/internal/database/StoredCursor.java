package io.larder.engine.internal.database;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Cursor;
import io.larder.engine.internal.merge.VisibilityCursor;
import io.larder.engine.internal.mvcc.StorageEngine.PinnedView;

/** A cursor over stored entries; pins the view it walks until closed. Used by one thread at a time. */
final class StoredCursor implements Cursor {
  private final StoredReader reader;
  private final PinnedView pinned;
  private final VisibilityCursor entries;
  private boolean closed;

  StoredCursor(StoredReader reader, PinnedView pinned, VisibilityCursor entries) {
    this.reader = reader;
    this.pinned = pinned;
    this.entries = entries;
  }

  private void requireOpen() {
    reader.requireOpen();
    if (closed) {
      throw new ClosedException("The cursor is closed");
    }
  }

  @Override
  public boolean next() {
    requireOpen();
    return entries.next();
  }

  @Override
  public void seek(byte[] key) {
    requireOpen();
    entries.seek(key);
  }

  @Override
  public byte[] key() {
    requireOpen();
    return entries.key();
  }

  @Override
  public byte[] value() {
    requireOpen();
    return entries.value();
  }

  @Override
  public long expiresAtMillis() {
    requireOpen();
    return entries.expiresAtMillis();
  }

  @Override
  public long sequence() {
    requireOpen();
    return entries.sequence();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      entries.close();
      pinned.close();
    }
  }
}
