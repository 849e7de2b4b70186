package io.larder.engine.internal.database;

import io.larder.engine.api.ByteView;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.codec.StoredBytes;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks a transaction's snapshot and its own changes as one. Used by one thread at a time.
 *
 * <p>Own changes are looked up as the cursor moves, so it sees those the transaction makes ahead of its position.
 */
final class TransactionCursor implements Cursor {
  private static final byte[] NO_KEY = {};

  private final OptimisticTransaction transaction;
  private final Cursor stored;
  private final NavigableMap<byte[], WriteBatch.Change> own;
  private final boolean descending;

  /** What a serializable transaction remembers of this walk. */
  private final @Nullable WalkedRange walked;

  /** Where to look for the next own change: at or after this key, or after it. */
  private byte @Nullable [] position;

  private boolean positionIncluded;

  /** The key of a stored entry that has not become the position yet, because nobody looked for own changes. */
  private byte[] passedKey = NO_KEY;

  private int passedLength;

  /** The stored entry that comes next, once read; null = not read, or none left. */
  private byte @Nullable [] storedKey;

  private boolean storedRead;

  /** The current entry is this change, or the stored one if null. */
  private WriteBatch.@Nullable Change current;

  private boolean onEntry;
  private boolean closed;
  private final StoredBytes ownKey = new StoredBytes();
  private final StoredBytes ownValue = new StoredBytes();

  TransactionCursor(
      OptimisticTransaction transaction,
      Cursor stored,
      NavigableMap<byte[], WriteBatch.Change> own,
      KeyRange range,
      boolean descending,
      @Nullable WalkedRange walked) {
    this.transaction = transaction;
    this.walked = walked;
    this.stored = stored;
    this.descending = descending;
    NavigableMap<byte[], WriteBatch.Change> inRange = inRange(own, range);
    this.own = descending ? inRange.descendingMap() : inRange;
  }

  private static NavigableMap<byte[], WriteBatch.Change> inRange(
      NavigableMap<byte[], WriteBatch.Change> own, KeyRange range) {
    byte[] from = range.from();
    byte[] to = range.to();
    if (from != null && to != null) {
      return Arrays.compareUnsigned(from, to) >= 0
          ? Collections.emptyNavigableMap()
          : own.subMap(from, true, to, false);
    }
    if (from != null) {
      return own.tailMap(from, true);
    }
    return to != null ? own.headMap(to, false) : own;
  }

  private void requireOpen() {
    transaction.requireOpen();
    if (closed) {
      throw new ClosedException("The cursor is closed");
    }
  }

  @Override
  public boolean next() {
    requireOpen();
    leaveEntry();
    return own.isEmpty() && walked == null && !storedRead ? nextStored() : nextOfBoth();
  }

  private void leaveEntry() {
    onEntry = false;
    ownKey.clear();
    ownValue.clear();
  }

  /** Moves where there is nothing but stored entries, without a copy of each key. */
  private boolean nextStored() {
    current = null;
    onEntry = stored.next();
    if (!onEntry) {
      storedKey = null;
      storedRead = true;
      return false;
    }
    ByteView key = stored.keyView();
    passedLength = key.length();
    if (passedLength > passedKey.length) {
      passedKey = new byte[Math.max(32, passedLength << 1)];
    }
    key.copyTo(0, passedKey, 0, passedLength);
    return true;
  }

  private boolean nextOfBoth() {
    if (passedLength > 0) {
      position = Arrays.copyOf(passedKey, passedLength);
      positionIncluded = false;
      passedLength = 0;
    }
    while (true) {
      readStored();
      Map.Entry<byte[], WriteBatch.Change> change = nextOwn();
      if (change == null && storedKey == null) {
        return false;
      }
      int order = order(change == null ? null : change.getKey(), storedKey);
      if (order > 0) {
        moveTo(Objects.requireNonNull(storedKey), null);
        storedRead = false;
        return true;
      }
      if (order == 0) {
        storedRead = false;
      }
      WriteBatch.Change won = Objects.requireNonNull(change).getValue();
      moveTo(change.getKey(), won);
      if (transaction.isLive(won)) {
        return true;
      }
    }
  }

  private void moveTo(byte[] key, WriteBatch.@Nullable Change change) {
    position = key;
    positionIncluded = false;
    current = change;
    onEntry = true;
  }

  private void readStored() {
    if (!storedRead) {
      storedKey = stored.next() ? stored.key() : null;
      storedRead = true;
      if (walked != null) {
        walked.reached(storedKey);
      }
    }
  }

  private Map.@Nullable Entry<byte[], WriteBatch.Change> nextOwn() {
    if (own.isEmpty()) {
      return null;
    }
    if (position == null) {
      return own.firstEntry();
    }
    return positionIncluded ? own.ceilingEntry(position) : own.higherEntry(position);
  }

  /** Which of two keys comes first in this cursor's direction; null comes last. */
  private int order(byte @Nullable [] left, byte @Nullable [] right) {
    if (left == null) {
      return 1;
    }
    if (right == null) {
      return -1;
    }
    int order = Arrays.compareUnsigned(left, right);
    return descending ? -order : order;
  }

  @Override
  public void seek(byte[] key) {
    requireOpen();
    stored.seek(key);
    if (walked != null) {
      walked.seek(key);
    }
    storedRead = false;
    position = key.clone();
    positionIncluded = true;
    passedLength = 0;
    leaveEntry();
  }

  private void requireEntry() {
    requireOpen();
    if (!onEntry) {
      throw new IllegalStateException("next() has not returned true since the cursor moved");
    }
  }

  @Override
  public byte[] key() {
    requireEntry();
    return current == null ? stored.key() : current.key().clone();
  }

  @Override
  public byte[] value() {
    requireEntry();
    return current == null ? stored.value() : Objects.requireNonNull(current.value()).clone();
  }

  @Override
  public ByteView keyView() {
    requireEntry();
    return current == null ? stored.keyView() : ownView(ownKey, current.key());
  }

  @Override
  public ByteView valueView() {
    requireEntry();
    return current == null
        ? stored.valueView()
        : ownView(ownValue, Objects.requireNonNull(current.value()));
  }

  private static ByteView ownView(StoredBytes view, byte[] bytes) {
    view.set(bytes, 0, bytes.length);
    return view;
  }

  @Override
  public long expiresAtMillis() {
    requireEntry();
    return current == null ? stored.expiresAtMillis() : current.expiresAtMillis();
  }

  @Override
  public long sequence() {
    requireEntry();
    return current == null ? stored.sequence() : OwnChanges.NOT_COMMITTED;
  }

  @Override
  public void close() {
    closed = true;
    leaveEntry();
    stored.close();
  }
}
