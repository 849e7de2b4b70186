package io.larder.engine.internal.merge;

import io.larder.engine.internal.codec.EntryCursor;
import java.util.function.IntPredicate;

/**
 * Walks what a flush or a merge of tables has to write. One thread; closes its source; runs forward only.
 *
 * <p>The live snapshots cut the sequence numbers into stripes: everything above one snapshot up to and including the
 * next, and above the last the stripe of the newest state. Readers can tell versions of a key apart only across
 * stripes, so of each stripe the newest version is kept. Then:
 *
 * <ul>
 *   <li>versions of keyspaces that were dropped go;
 *   <li>an expired version hides older ones like a tombstone, so it becomes one;
 *   <li>a tombstone in the oldest stripe goes if the merge is at the bottom, where nothing older lies below it.
 * </ul>
 */
public final class CompactionCursor implements EntryCursor {
  private static final byte[] EMPTY_KEY = new byte[0];
  private static final int LAST_KEYSPACE_ID = -1;

  /** What an entry costs besides its key and value, about. */
  private static final int ENTRY_BYTES = 32;

  private final EntryCursor source;
  private final long[] liveSnapshots;
  private final boolean bottom;
  private final long nowMillis;
  private final IntPredicate keyspaceIsLive;

  private long pulseBytes = Long.MAX_VALUE;
  private Runnable pulse = () -> {};
  private long passedBytes;

  /** The stripe of the version last seen of the current key, or one above all if none was. */
  private int lastStripe;

  private boolean onKey;
  private boolean expired;
  private int checkedKeyspaceId;
  private boolean checked;
  private boolean live;
  private long droppedEntries;

  /**
   * Creates a cursor before the first entry.
   *
   * @param source ascending, standing before its first entry
   * @param liveSnapshots the sequence numbers of live snapshots, ascending; the newest state is implied
   * @param bottom whether no older version of any key in the source lies anywhere else
   * @param nowMillis the time by which expiry is judged; must not be ahead of any reader's
   * @param keyspaceIsLive whether a keyspace number is still in use
   */
  public CompactionCursor(
      EntryCursor source,
      long[] liveSnapshots,
      boolean bottom,
      long nowMillis,
      IntPredicate keyspaceIsLive) {
    if (source.isDescending()) {
      throw new IllegalArgumentException("the source of a compaction must be ascending");
    }
    this.source = source;
    this.liveSnapshots = liveSnapshots.clone();
    this.bottom = bottom;
    this.nowMillis = nowMillis;
    this.keyspaceIsLive = keyspaceIsLive;
  }

  /**
   * Sets what runs again and again on the way, also where nothing is kept for long. What it throws ends the walk.
   *
   * @param bytes how many bytes of entries are passed in between
   */
  public void setPulse(long bytes, Runnable action) {
    pulseBytes = bytes;
    pulse = action;
  }

  @Override
  public boolean next() {
    while (moveSource()) {
      if (isWanted()) {
        return true;
      }
      droppedEntries++;
    }
    return false;
  }

  private byte[] currentKey = new byte[64];
  private int currentKeyLength;
  private int currentKeyspaceId;

  private boolean moveSource() {
    boolean skipsKeyspace = checked && !live;
    if (skipsKeyspace && checkedKeyspaceId != LAST_KEYSPACE_ID) {
      source.seek(checkedKeyspaceId + 1, EMPTY_KEY);
    }
    if (!source.next()) {
      return false;
    }
    passedBytes += ENTRY_BYTES + source.keyLength() + source.valueLength();
    if (passedBytes >= pulseBytes) {
      passedBytes = 0;
      pulse.run();
    }
    boolean sameKey =
        onKey && source.compareKey(currentKeyspaceId, currentKey, 0, currentKeyLength) == 0;
    if (!sameKey) {
      currentKeyspaceId = source.keyspaceId();
      currentKeyLength = source.keyLength();
      if (currentKeyLength > currentKey.length) {
        currentKey = new byte[Math.max(currentKeyLength, currentKey.length << 1)];
      }
      System.arraycopy(source.keyArray(), source.keyOffset(), currentKey, 0, currentKeyLength);
      lastStripe = Integer.MAX_VALUE;
      onKey = true;
    }
    return true;
  }

  private boolean isWanted() {
    if (!isKeyspaceLive()) {
      return false;
    }
    int stripe = stripe(source.sequence());
    boolean shadowed = stripe == lastStripe;
    lastStripe = stripe;
    if (shadowed) {
      return false;
    }
    long expiresAtMillis = source.expiresAtMillis();
    expired = expiresAtMillis != 0 && expiresAtMillis <= nowMillis;
    return !(bottom && stripe == 0 && (expired || source.isDelete()));
  }

  private boolean isKeyspaceLive() {
    int keyspaceId = source.keyspaceId();
    if (!checked || keyspaceId != checkedKeyspaceId) {
      checked = true;
      checkedKeyspaceId = keyspaceId;
      live = keyspaceIsLive.test(keyspaceId);
    }
    return live;
  }

  /** Returns how many live snapshots lie below a sequence number, that is, do not see it. */
  private int stripe(long sequence) {
    int stripe = 0;
    while (stripe < liveSnapshots.length && liveSnapshots[stripe] < sequence) {
      stripe++;
    }
    return stripe;
  }

  /** Returns how many versions were dropped so far, without those of dropped keyspaces, which are passed over. */
  public long droppedEntries() {
    return droppedEntries;
  }

  @Override
  public boolean nextKey() {
    int keyspaceId = currentKeyspaceId;
    byte[] key = java.util.Arrays.copyOf(currentKey, currentKeyLength);
    boolean wasOnKey = onKey;
    boolean hasEntry = next();
    while (hasEntry && wasOnKey && compareKey(keyspaceId, key) == 0) {
      hasEntry = next();
    }
    return hasEntry;
  }

  @Override
  public void seek(int keyspaceId, byte[] key) {
    throw new UnsupportedOperationException("a compaction runs from start to end");
  }

  @Override
  public void rewind() {
    throw new UnsupportedOperationException("a compaction runs from start to end");
  }

  @Override
  public boolean isDescending() {
    return false;
  }

  @Override
  public int keyspaceId() {
    return source.keyspaceId();
  }

  @Override
  public long sequence() {
    return source.sequence();
  }

  @Override
  public boolean isDelete() {
    return expired || source.isDelete();
  }

  @Override
  public long expiresAtMillis() {
    return expired ? 0 : source.expiresAtMillis();
  }

  @Override
  public byte[] keyArray() {
    return source.keyArray();
  }

  @Override
  public int keyOffset() {
    return source.keyOffset();
  }

  @Override
  public int keyLength() {
    return source.keyLength();
  }

  @Override
  public int valueLength() {
    return expired ? 0 : source.valueLength();
  }

  @Override
  public void copyValue(byte[] target, int offset) {
    if (!expired) {
      source.copyValue(target, offset);
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
