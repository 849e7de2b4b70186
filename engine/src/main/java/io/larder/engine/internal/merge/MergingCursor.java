package io.larder.engine.internal.merge;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.StoredBytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Walks several cursors as one, in internal order. One thread; closes its sources.
 *
 * <p>A binary heap of the sources that have a current entry, the next one on top. Each source carries the first bytes
 * of its key as a number, so that most comparisons touch no key.
 */
public final class MergingCursor implements EntryCursor {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Source[] sources;
  private final boolean descending;
  private final Source[] heap;
  private int heapSize;

  /** Whether the sources stand before the entries that the next move reaches. */
  private boolean fresh = true;

  private byte[] passedKey = new byte[64];

  private MergingCursor(Source[] sources, boolean descending) {
    this.sources = sources;
    this.descending = descending;
    this.heap = new Source[sources.length];
  }

  /**
   * Returns a cursor over all sources, or the source itself if there is only one.
   *
   * <p>Requires: all sources run in the given direction; no version occurs in two of them.
   */
  public static EntryCursor of(List<EntryCursor> sources, boolean descending) {
    if (sources.size() == 1 && sources.get(0).isDescending() == descending) {
      return sources.get(0);
    }
    Source[] wrapped = new Source[sources.size()];
    for (int i = 0; i < wrapped.length; i++) {
      EntryCursor cursor = sources.get(i);
      if (cursor.isDescending() != descending) {
        throw new IllegalArgumentException("source " + i + " runs in the other direction");
      }
      wrapped[i] = new Source(cursor);
    }
    return new MergingCursor(wrapped, descending);
  }

  @Override
  public boolean next() {
    if (fresh) {
      return start();
    }
    if (heapSize == 0) {
      return false;
    }
    settleTop(heap[0].next());
    return heapSize > 0;
  }

  @Override
  public boolean nextKey() {
    if (fresh) {
      return start();
    }
    if (heapSize == 0) {
      return false;
    }
    if (heapSize == 1) {
      settleTop(heap[0].nextKey());
      return heapSize > 0;
    }
    if (!isTopKeyShared()) {
      settleTop(heap[0].nextKey());
      return heapSize > 0;
    }
    return passSharedKey();
  }

  /** Returns whether another source stands on the same key as the top; if one does, a child of the top does. */
  private boolean isTopKeyShared() {
    return heap[0].compareKey(heap[1]) == 0 || heapSize > 2 && heap[0].compareKey(heap[2]) == 0;
  }

  private boolean passSharedKey() {
    int keyspaceId = keyspaceId();
    int length = keyLength();
    if (length > passedKey.length) {
      passedKey = new byte[Math.max(length, passedKey.length << 1)];
    }
    System.arraycopy(keyArray(), keyOffset(), passedKey, 0, length);
    do {
      settleTop(heap[0].nextKey());
    } while (heapSize > 0 && compareKey(keyspaceId, passedKey, 0, length) == 0);
    return heapSize > 0;
  }

  private boolean start() {
    fresh = false;
    heapSize = 0;
    for (Source source : sources) {
      if (source.next()) {
        heap[heapSize++] = source;
      }
    }
    for (int i = (heapSize >>> 1) - 1; i >= 0; i--) {
      siftDown(i);
    }
    return heapSize > 0;
  }

  private void settleTop(boolean hasEntry) {
    if (!hasEntry) {
      heap[0] = heap[--heapSize];
    }
    if (heapSize > 1) {
      siftDown(0);
    }
  }

  private void siftDown(int from) {
    int parent = from;
    Source moving = heap[parent];
    while (true) {
      int child = (parent << 1) + 1;
      if (child >= heapSize) {
        break;
      }
      if (child + 1 < heapSize && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], moving)) {
        break;
      }
      heap[parent] = heap[child];
      parent = child;
    }
    heap[parent] = moving;
  }

  private boolean isBefore(Source left, Source right) {
    int order = left.compareKey(right);
    if (order == 0) {
      return left.cursor.sequence() > right.cursor.sequence();
    }
    return descending ? order > 0 : order < 0;
  }

  @Override
  public void seek(int keyspaceId, byte[] key) {
    for (Source source : sources) {
      source.cursor.seek(keyspaceId, key);
    }
    fresh = true;
    heapSize = 0;
  }

  @Override
  public void rewind() {
    for (Source source : sources) {
      source.cursor.rewind();
    }
    fresh = true;
    heapSize = 0;
  }

  @Override
  public boolean isDescending() {
    return descending;
  }

  @Override
  public int keyspaceId() {
    return heap[0].keyspaceId;
  }

  @Override
  public long sequence() {
    return heap[0].cursor.sequence();
  }

  @Override
  public boolean isDelete() {
    return heap[0].cursor.isDelete();
  }

  @Override
  public long expiresAtMillis() {
    return heap[0].cursor.expiresAtMillis();
  }

  @Override
  public byte[] keyArray() {
    return heap[0].cursor.keyArray();
  }

  @Override
  public int keyOffset() {
    return heap[0].cursor.keyOffset();
  }

  @Override
  public int keyLength() {
    return heap[0].cursor.keyLength();
  }

  @Override
  public int valueLength() {
    return heap[0].cursor.valueLength();
  }

  @Override
  public void copyValue(byte[] target, int offset) {
    heap[0].cursor.copyValue(target, offset);
  }

  @Override
  public void viewValue(StoredBytes view) {
    heap[0].cursor.viewValue(view);
  }

  @Override
  public long bytesPassed() {
    long bytes = 0;
    for (Source source : sources) {
      bytes += source.cursor.bytesPassed();
    }
    return bytes;
  }

  @Override
  public void close() {
    heapSize = 0;
    fresh = false;
    for (Source source : sources) {
      source.cursor.close();
    }
  }

  /** A cursor with what comparisons need of its current key. */
  private static final class Source {
    final EntryCursor cursor;
    int keyspaceId;
    private long prefix;

    Source(EntryCursor cursor) {
      this.cursor = cursor;
    }

    boolean next() {
      return cursor.next() && take();
    }

    boolean nextKey() {
      return cursor.nextKey() && take();
    }

    private boolean take() {
      keyspaceId = cursor.keyspaceId();
      byte[] array = cursor.keyArray();
      int offset = cursor.keyOffset();
      int length = cursor.keyLength();
      if (length >= Long.BYTES) {
        prefix = (long) LONGS.get(array, offset);
        return true;
      }
      long bytes = 0;
      for (int i = 0; i < length; i++) {
        bytes |= (array[offset + i] & 0xFFL) << (56 - (i << 3));
      }
      prefix = bytes;
      return true;
    }

    int compareKey(Source other) {
      if (keyspaceId != other.keyspaceId) {
        return Integer.compareUnsigned(keyspaceId, other.keyspaceId);
      }
      if (prefix != other.prefix) {
        return Long.compareUnsigned(prefix, other.prefix);
      }
      EntryCursor right = other.cursor;
      int start = cursor.keyOffset();
      int otherStart = right.keyOffset();
      return Arrays.compareUnsigned(
          cursor.keyArray(),
          start,
          start + cursor.keyLength(),
          right.keyArray(),
          otherStart,
          otherStart + right.keyLength());
    }
  }
}
