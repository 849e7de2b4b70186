package io.larder.engine.internal.database;

import io.larder.engine.api.ByteView;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.SnapshotTooOldException;
import io.larder.engine.internal.codec.StoredBytes;
import io.larder.engine.internal.merge.VisibilityCursor;
import io.larder.engine.internal.mvcc.StorageEngine.PinnedView;

/** A cursor over stored entries; pins the view it walks until closed. Used by one thread at a time. */
final class StoredCursor implements Cursor {
  /** How many steps go by between two looks at the clock, which costs about as much as a step. */
  private static final int STEPS_BETWEEN_LOOKS = 64;

  private final StoredReader reader;
  private final PinnedView pinned;
  private final VisibilityCursor entries;
  private final long openedNanos;
  private final StoredBytes keyView = new StoredBytes();
  private final StoredBytes valueView = new StoredBytes();
  private int steps;
  private boolean onEntry;
  private boolean closed;

  StoredCursor(StoredReader reader, PinnedView pinned, VisibilityCursor entries) {
    this.reader = reader;
    this.openedNanos = reader.database().snapshots().nanoTime();
    this.pinned = pinned;
    this.entries = entries;
  }

  private void requireOpen() {
    reader.requireOpen();
    if (closed) {
      throw new ClosedException("The cursor is closed");
    }
  }

  private void requireEntry() {
    requireOpen();
    if (!onEntry) {
      throw new IllegalStateException("next() has not returned true since the cursor moved");
    }
  }

  /** Ends the cursor if it, or what it reads through, is older than it may become. */
  private void requireYoung() {
    try {
      reader.requireYoung();
      reader.database().snapshots().requireYoung(openedNanos, "cursor");
    } catch (SnapshotTooOldException e) {
      close();
      throw e;
    }
  }

  private void leaveEntry() {
    onEntry = false;
    keyView.clear();
    valueView.clear();
  }

  @Override
  public boolean next() {
    requireOpen();
    if (steps++ % STEPS_BETWEEN_LOOKS == 0) {
      requireYoung();
    }
    leaveEntry();
    onEntry = entries.next();
    return onEntry;
  }

  @Override
  public void seek(byte[] key) {
    requireOpen();
    requireYoung();
    leaveEntry();
    entries.seek(key);
  }

  @Override
  public byte[] key() {
    requireEntry();
    return entries.key();
  }

  @Override
  public byte[] value() {
    requireEntry();
    return entries.value();
  }

  @Override
  public ByteView keyView() {
    requireEntry();
    entries.entry().viewKey(keyView);
    return keyView;
  }

  @Override
  public ByteView valueView() {
    requireEntry();
    entries.entry().viewValue(valueView);
    return valueView;
  }

  @Override
  public long expiresAtMillis() {
    requireEntry();
    return entries.expiresAtMillis();
  }

  @Override
  public long sequence() {
    requireEntry();
    return entries.sequence();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      leaveEntry();
      entries.close();
      pinned.close();
    }
  }
}
