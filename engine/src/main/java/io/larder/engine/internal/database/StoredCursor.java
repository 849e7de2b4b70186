package io.larder.engine.internal.database;

import io.larder.engine.api.ByteView;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.SnapshotTooOldException;
import io.larder.engine.internal.codec.StoredBytes;
import io.larder.engine.internal.merge.VisibilityCursor;
import io.larder.engine.internal.mvcc.OpenCursors;
import io.larder.engine.internal.mvcc.StorageEngine.PinnedView;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over stored entries; pins the view it walks until closed, or until it has become too old. Used by one thread
 * at a time.
 *
 * <p>Any thread may make it {@linkplain #letGo let go}, in the middle of a step too: bytes that the step or a view still
 * looks at are kept by the garbage collector, and the next step finds nothing to walk.
 */
final class StoredCursor implements Cursor, OpenCursors.Hold {
  /** How many steps go by between two looks at the clock, which costs about as much as a step. */
  private static final int STEPS_BETWEEN_LOOKS = 64;

  private final StoredReader reader;
  private final OpenCursors.Registration registration;
  private final long openedNanos;

  /** Null once it has let go, or is closed; not volatile, since a step more or less does no harm. */
  private @Nullable VisibilityCursor entries;

  private @Nullable PinnedView pinned;
  private final StoredBytes keyView = new StoredBytes();
  private final StoredBytes valueView = new StoredBytes();
  private int steps = 1;
  private boolean onEntry;
  private boolean closed;

  StoredCursor(StoredReader reader, PinnedView pinned, VisibilityCursor entries) {
    this.reader = reader;
    this.openedNanos = reader.database().snapshots().nanoTime();
    this.pinned = pinned;
    this.entries = entries;
    this.registration = reader.database().snapshots().cursors().open(this, openedNanos);
  }

  /** Returns what is walked. */
  private VisibilityCursor open() {
    reader.requireOpen();
    VisibilityCursor walked = entries;
    if (walked == null) {
      throw closed
          ? new ClosedException("The cursor is closed")
          : reader.database().snapshots().letGoSince(openedNanos, "cursor");
    }
    return walked;
  }

  /** Returns what is walked, standing on an entry. */
  private VisibilityCursor onEntry() {
    VisibilityCursor walked = open();
    if (!onEntry) {
      throw new IllegalStateException("next() has not returned true since the cursor moved");
    }
    return walked;
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
    VisibilityCursor walked = open();
    if (steps++ % STEPS_BETWEEN_LOOKS == 0) {
      requireYoung();
    }
    leaveEntry();
    onEntry = walked.next();
    return onEntry;
  }

  @Override
  public void seek(byte[] key) {
    VisibilityCursor walked = open();
    requireYoung();
    leaveEntry();
    walked.seek(key);
  }

  @Override
  public byte[] key() {
    return onEntry().key();
  }

  @Override
  public byte[] value() {
    return onEntry().value();
  }

  @Override
  public ByteView keyView() {
    onEntry().entry().viewKey(keyView);
    return keyView;
  }

  @Override
  public ByteView valueView() {
    onEntry().entry().viewValue(valueView);
    return valueView;
  }

  @Override
  public long expiresAtMillis() {
    return onEntry().expiresAtMillis();
  }

  @Override
  public long sequence() {
    return onEntry().sequence();
  }

  @Override
  public void letGo() {
    PinnedView held = pinned;
    entries = null;
    pinned = null;
    if (held != null) {
      held.close();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      leaveEntry();
      reader.database().snapshots().cursors().close(registration);
      VisibilityCursor walked = entries;
      if (walked != null) {
        walked.close();
      }
      letGo();
    }
  }
}
