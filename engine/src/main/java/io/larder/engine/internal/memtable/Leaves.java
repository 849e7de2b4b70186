package io.larder.engine.internal.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The leaves of the ordered trees: up to 14 keys each, chained from left to right. One writer; readers take validated
 * copies without locks.
 *
 * <pre>
 * leaf, 24 longs   0      order: slot of the i-th key in the i-th 4 bits (14 of them), above them the count
 *                  1      splits so far (upper 32 bits), number of the next leaf or 0 (lower 32)
 *                  2-15   first 8 key bytes of each slot, big-endian, sign bit flipped
 *                 16-22   key numbers of the slots, two a word
 * </pre>
 *
 * <p>The order word comes from Masstree (Mao, Kohler, Morris, 2012): a key is written into a free slot and appears when
 * the order word is released, so an insert never disturbs a reader. Invariants:
 *
 * <ol>
 *   <li>A slot that an order word names is not changed while any later order word of the leaf names it.
 *   <li>Keys never move left, and a leaf's smallest key never changes once its left neighbour exists.
 *   <li>A split releases, in this order: next = new leaf; the order word without the moved keys; the split count plus
 *       one. Freed slots are written only after that.
 * </ol>
 *
 * <p>A reader takes word 1, word 0, the slots, an acquire fence, and word 1 again. If both readings of word 1 are
 * equal, no slot it read was reused (3: the count changes first) and next belongs to that order or to an older one
 * with more keys; the reader drops keys it has passed already. If they differ it starts over. It waits for nobody: a
 * writer stopped in mid-split leaves a readable leaf. Sequence locks and copy-on-write leaves were the rejected
 * alternatives: the first lets a descheduled writer block readers, the second writes 200 bytes of garbage per insert.
 */
final class Leaves {
  static final int CAPACITY = 14;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int LEAF_WORDS = 24;
  private static final int PREFIX_WORD = 2;
  private static final int NUMBER_WORD = 16;
  private static final int COUNT_SHIFT = 56;
  private static final int CHUNK_BITS = 6;
  private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;
  private static final long IDENTITY_ORDER = 0xDCBA9876543210L;
  private static final long INT_MASK = 0xFFFFFFFFL;

  private volatile long[][] chunks = new long[4][];
  private int leafCount = 1; // number 0 means none

  /** Returns the number of a new leaf without keys. Writer only. */
  int create() {
    int leaf = leafCount;
    int chunkIndex = leaf >>> CHUNK_BITS;
    long[][] present = chunks;
    if (chunkIndex == present.length) {
      present = Arrays.copyOf(present, present.length << 1);
    }
    if (present[chunkIndex] == null) {
      present[chunkIndex] = new long[LEAF_WORDS << CHUNK_BITS];
      chunks = present;
    }
    leafCount++;
    WORD.setRelease(present[chunkIndex], base(leaf), IDENTITY_ORDER);
    return leaf;
  }

  private static int base(int leaf) {
    return (leaf & CHUNK_MASK) * LEAF_WORDS;
  }

  private long[] chunk(int leaf) {
    return chunks[leaf >>> CHUNK_BITS];
  }

  /** Returns how many keys a leaf has. Writer only. */
  int count(int leaf) {
    return count((long) WORD.getOpaque(chunk(leaf), base(leaf)));
  }

  private static int count(long order) {
    return (int) (order >>> COUNT_SHIFT);
  }

  private static int slot(long order, int index) {
    return (int) (order >>> (index << 2)) & 0xF;
  }

  /** Returns the number of the leaf to the right, or 0. Writer only. */
  int next(int leaf) {
    return (int) (long) WORD.getOpaque(chunk(leaf), base(leaf) + 1);
  }

  /** Returns the prefix of the i-th key. Writer only. */
  long prefix(int leaf, int index) {
    long[] chunk = chunk(leaf);
    int base = base(leaf);
    return chunk[base + PREFIX_WORD + slot(chunk[base], index)];
  }

  /** Returns the number of the i-th key. Writer only. */
  int keyNumber(int leaf, int index) {
    long[] chunk = chunk(leaf);
    int base = base(leaf);
    return keyNumberInSlot(chunk, base, slot(chunk[base], index));
  }

  /**
   * Returns the index of the first key whose prefix is at or above the given one; the caller compares keys of equal
   * prefix itself. Writer only.
   */
  int ceiling(int leaf, long prefix) {
    long[] chunk = chunk(leaf);
    int base = base(leaf);
    long order = chunk[base];
    int low = 0;
    int high = count(order);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (chunk[base + PREFIX_WORD + slot(order, middle)] < prefix) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int keyNumberInSlot(long[] chunk, int base, int slot) {
    long word = (long) WORD.getOpaque(chunk, base + NUMBER_WORD + (slot >>> 1));
    return (int) (word >>> ((slot & 1) << 5));
  }

  /** Inserts a key so that it becomes the i-th of a leaf that has room. Writer only. */
  void insert(int leaf, int index, long prefix, int keyNumber) {
    long[] chunk = chunk(leaf);
    int base = base(leaf);
    long order = (long) WORD.getOpaque(chunk, base);
    int count = count(order);
    int slot = slot(order, count);
    setSlot(chunk, base, slot, prefix, keyNumber);
    long slots = order & (1L << COUNT_SHIFT) - 1;
    int shift = index << 2;
    long below = slots & (1L << shift) - 1;
    long middle = slots & (1L << (count << 2)) - 1 & -(1L << shift);
    long above = count + 1 == CAPACITY ? 0 : slots & -(1L << ((count + 1) << 2));
    long changed = below | (long) slot << shift | middle << 4 | above;
    WORD.setRelease(chunk, base, changed | (long) (count + 1) << COUNT_SHIFT);
  }

  private static void setSlot(long[] chunk, int base, int slot, long prefix, int keyNumber) {
    WORD.setOpaque(chunk, base + PREFIX_WORD + slot, prefix);
    int wordIndex = base + NUMBER_WORD + (slot >>> 1);
    int shift = (slot & 1) << 5;
    long word = (long) WORD.getOpaque(chunk, wordIndex);
    long cleared = word & ~(INT_MASK << shift);
    WORD.setOpaque(chunk, wordIndex, cleared | (keyNumber & INT_MASK) << shift);
  }

  /** Copies the keys from an index on into a new leaf that nobody can reach yet. Writer only. */
  int copyUpper(int leaf, int fromIndex) {
    int upper = create();
    long[] chunk = chunk(upper);
    int base = base(upper);
    int moved = count(leaf) - fromIndex;
    for (int i = 0; i < moved; i++) {
      setSlot(chunk, base, i, prefix(leaf, fromIndex + i), keyNumber(leaf, fromIndex + i));
    }
    WORD.setRelease(chunk, base, IDENTITY_ORDER | (long) moved << COUNT_SHIFT);
    WORD.setRelease(chunk, base + 1, next(leaf) & INT_MASK);
    return upper;
  }

  /** Links a leaf that is not published yet to the one on its right. Writer only. */
  void link(int leaf, int right) {
    WORD.setRelease(chunk(leaf), base(leaf) + 1, right & INT_MASK);
  }

  /** Publishes a split: links the upper leaf and drops the keys it took over. Writer only. */
  void publishSplit(int leaf, int upper, int remaining) {
    long[] chunk = chunk(leaf);
    int base = base(leaf);
    long splits = (long) WORD.getOpaque(chunk, base + 1) >>> 32;
    WORD.setRelease(chunk, base + 1, splits << 32 | upper);
    long slots = (long) WORD.getOpaque(chunk, base) & (1L << COUNT_SHIFT) - 1;
    WORD.setRelease(chunk, base, slots | (long) remaining << COUNT_SHIFT);
    WORD.setRelease(chunk, base + 1, splits + 1 << 32 | upper);
    VarHandle.releaseFence(); // the new count before any write to a freed slot
  }

  /** Brings a leaf into the cache, see {@link Arena#touch}; any thread. */
  int touch(int leaf) {
    long[] chunk = chunk(leaf);
    int base = base(leaf);
    return (int) (chunk[base] + chunk[base + 8] + chunk[base + LEAF_WORDS - 1]);
  }

  /** Fills a copy that is consistent, see the class comment. Any thread. */
  void copy(int leaf, LeafCopy target) {
    long[] chunk = chunk(leaf);
    int base = base(leaf);
    while (true) {
      long link = (long) WORD.getAcquire(chunk, base + 1);
      long order = (long) WORD.getAcquire(chunk, base);
      int count = count(order);
      for (int i = 0; i < count; i++) {
        int slot = slot(order, i);
        target.prefixes[i] = (long) WORD.getOpaque(chunk, base + PREFIX_WORD + slot);
        target.keyNumbers[i] = keyNumberInSlot(chunk, base, slot);
      }
      VarHandle.acquireFence();
      if ((long) WORD.getOpaque(chunk, base + 1) == link) {
        target.count = count;
        target.next = (int) link;
        return;
      }
    }
  }

  /** A reader's own copy of a leaf. */
  static final class LeafCopy {
    final long[] prefixes = new long[CAPACITY];
    final int[] keyNumbers = new int[CAPACITY];
    int count;
    int next;

    void take(LeafCopy source) {
      count = source.count;
      next = source.next;
      System.arraycopy(source.prefixes, 0, prefixes, 0, count);
      System.arraycopy(source.keyNumbers, 0, keyNumbers, 0, count);
    }
  }
}
