package io.larder.engine.internal.merge;

import io.larder.engine.api.KeyRange;
import io.larder.engine.internal.codec.EntryCursor;
import java.util.function.LongSupplier;

/**
 * Walks what one reader may see of one keyspace's range: of each key the newest version at or below the snapshot, unless
 * that is a tombstone or has expired. One thread; runs in the direction of its source and closes it.
 */
public final class VisibilityCursor implements AutoCloseable {
  private static final byte[] EMPTY_KEY = new byte[0];
  private static final int LAST_KEYSPACE_ID = -1;

  private final EntryCursor source;
  private final int keyspaceId;
  private final KeyRange range;
  private final long snapshotSequence;
  private final LongSupplier nowMillis;
  private final boolean descending;

  /** Whether the source stands on a key that was passed on or given up; false right after a seek. */
  private boolean onKey;

  private boolean ended;

  /**
   * Creates a cursor before the first entry of the range.
   *
   * @param nowMillis the time by which expiry is judged, asked for each entry that can expire
   */
  public VisibilityCursor(
      EntryCursor source,
      int keyspaceId,
      KeyRange range,
      long snapshotSequence,
      LongSupplier nowMillis) {
    this.source = source;
    this.keyspaceId = keyspaceId;
    this.range = range;
    this.snapshotSequence = snapshotSequence;
    this.nowMillis = nowMillis;
    this.descending = source.isDescending();
    seekToStart();
  }

  private void seekToStart() {
    onKey = false;
    ended = false;
    if (!descending) {
      source.seek(keyspaceId, range.from() == null ? EMPTY_KEY : range.from());
    } else if (range.to() != null) {
      source.seek(keyspaceId, range.to());
    } else if (keyspaceId == LAST_KEYSPACE_ID) {
      source.rewind();
    } else {
      source.seek(keyspaceId + 1, EMPTY_KEY);
    }
  }

  /** Moves to the next visible entry and returns whether there is one. */
  public boolean next() {
    if (ended) {
      return false;
    }
    boolean hasEntry = onKey ? source.nextKey() : source.next();
    onKey = true;
    while (hasEntry) {
      if (isBeforeStart()) {
        hasEntry = source.nextKey();
      } else if (isPastEnd()) {
        break;
      } else if (source.sequence() > snapshotSequence) {
        hasEntry = source.next();
      } else if (source.isDelete() || isExpired()) {
        hasEntry = source.nextKey();
      } else {
        return true;
      }
    }
    ended = true;
    return false;
  }

  private boolean isExpired() {
    long expiresAtMillis = source.expiresAtMillis();
    return expiresAtMillis != 0 && expiresAtMillis <= nowMillis.getAsLong();
  }

  /** Only a descending cursor can stand before its start, whose bound is exclusive. */
  private boolean isBeforeStart() {
    if (!descending) {
      return false;
    }
    if (source.keyspaceId() != keyspaceId) {
      return Integer.compareUnsigned(source.keyspaceId(), keyspaceId) > 0;
    }
    byte[] to = range.to();
    return to != null && source.compareKey(keyspaceId, to) >= 0;
  }

  private boolean isPastEnd() {
    if (source.keyspaceId() != keyspaceId) {
      return true;
    }
    if (descending) {
      byte[] from = range.from();
      return from != null && source.compareKey(keyspaceId, from) < 0;
    }
    byte[] to = range.to();
    return to != null && source.compareKey(keyspaceId, to) >= 0;
  }

  /**
   * Positions so that the following {@link #next} reaches the first entry at or after the key (at or before it if
   * descending), never leaving the range.
   */
  public void seek(byte[] key) {
    byte[] from = range.from();
    byte[] to = range.to();
    boolean beforeStart =
        descending
            ? to != null && java.util.Arrays.compareUnsigned(key, to) >= 0
            : from != null && java.util.Arrays.compareUnsigned(key, from) <= 0;
    if (beforeStart) {
      seekToStart();
      return;
    }
    onKey = false;
    ended = false;
    source.seek(keyspaceId, key);
  }

  /** Returns the cursor that stands on the current entry, for views of its bytes. */
  public EntryCursor entry() {
    return source;
  }

  /** Returns a copy of the current key. */
  public byte[] key() {
    return source.key();
  }

  /** Returns a copy of the current value. */
  public byte[] value() {
    return source.value();
  }

  /** Returns the length of the current value in bytes. */
  public int valueLength() {
    return source.valueLength();
  }

  /** Returns the sequence number of the current entry. */
  public long sequence() {
    return source.sequence();
  }

  /** Returns the absolute expiry of the current entry in milliseconds since the epoch, 0 = never. */
  public long expiresAtMillis() {
    return source.expiresAtMillis();
  }

  @Override
  public void close() {
    ended = true;
    source.close();
  }
}
