package io.larder.engine.internal.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest version of a key by its hash. One writer; lock-free readers.
 *
 * <p>After the Swiss tables of Abseil: slots in groups of eight, and for each group one control word with an 8-bit tag
 * a slot, 0 for a free one. A probe compares eight tags with a few arithmetic instructions, and a miss mostly ends in
 * the control words, which stay in the cache. Nothing is ever removed, so a free slot ends every probe.
 *
 * <p>Why readers are right: a slot is released before its tag, so whoever acquires the tag sees the slot; a slot that
 * changes goes from one version of a key to a newer one. A table that grew is released as a whole; a reader that still
 * walks the old one misses only what was added after it began, which is above any sequence number it may see.
 *
 * <p>A table that is getting full is not copied at once, which would stop all commits for as long as a million keys
 * take: a table of twice the size is filled beside it, {@value #KEYS_COPIED_AT_ONCE} keys for each one that is added, in
 * the order of their numbers, and takes its place when it has them all. It has long done so before the old one is full.
 *
 * <p>The match of a tag may err towards "yes" (a borrow of the subtraction): slots are therefore compared by key, and
 * slot 0 is passed over.
 */
final class HashIndex {
  private static final VarHandle CONTROL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final int GROUP_BITS = 3;
  private static final int FIRST_GROUPS = 8;
  private static final int GROUPS_MAX = 1 << 24;

  /** So many that the table, five eighths full when it begins, is three quarters full at the end. */
  private static final int KEYS_COPIED_AT_ONCE = 6;

  private final Arena arena;
  private final IntColumn heads;
  private final IntColumn hashes;
  private volatile Table table = new Table(FIRST_GROUPS);
  private int size;

  /** What will take the place of the table, and how many keys it has; the writer's own until then. */
  private @Nullable Table grown;

  private int copied;

  HashIndex(Arena arena, IntColumn heads, IntColumn hashes) {
    this.arena = arena;
    this.heads = heads;
    this.hashes = hashes;
  }

  /** Returns the reference of a key's newest version, or 0. */
  int find(int hash, int keyspaceId, byte[] key, int offset, int length) {
    Table present = table;
    long[] control = present.control;
    int[] slots = present.slots;
    int groupMask = present.groupMask;
    long tags = tag(hash) * LOW_BITS;
    int group = hash >>> 8 & groupMask;
    while (true) {
      long word = (long) CONTROL.getAcquire(control, group);
      long matches = zeroBytes(word ^ tags);
      while (matches != 0) {
        int slot = slot(group, matches);
        int reference = (int) SLOT.getAcquire(slots, slot);
        if (reference != 0 && arena.keyEquals(reference, keyspaceId, key, offset, length)) {
          return reference;
        }
        matches &= matches - 1;
      }
      if (zeroBytes(word) != 0) {
        return 0;
      }
      group = group + 1 & groupMask;
    }
  }

  /** Brings the control word a search starts at into the cache; any thread. */
  int touch(int hash) {
    Table present = table;
    return (int) present.control[hash >>> 8 & present.groupMask];
  }

  /** Returns the reference in the first slot whose tag fits, without a look at the key, or 0; any thread. */
  int likely(int hash) {
    Table present = table;
    int group = hash >>> 8 & present.groupMask;
    long word = (long) CONTROL.getAcquire(present.control, group);
    long matches = zeroBytes(word ^ tag(hash) * LOW_BITS);
    return matches == 0 ? 0 : (int) SLOT.getAcquire(present.slots, slot(group, matches));
  }

  /** Marks the zero bytes of a word by their top bits; the lowest mark is exact, others may be too many. */
  private static long zeroBytes(long word) {
    return (word - LOW_BITS) & ~word & HIGH_BITS;
  }

  private static int slot(int group, long marks) {
    return (group << GROUP_BITS) + (Long.numberOfTrailingZeros(marks) >>> 3);
  }

  /** Makes the newer version of a known key the one that is found. Writer only. */
  void replace(int hash, int olderReference, int newerReference) {
    table.replace(hash, olderReference, newerReference);
    if (grown != null) {
      grown.replace(hash, olderReference, newerReference); // which may not have the key yet
    }
  }

  /** Makes room for one more key, so that adding it cannot fail. Writer only. */
  void reserve() {
    Table present = table;
    long capacity = (long) (present.groupMask + 1) << GROUP_BITS;
    if (grown == null
        && size >= capacity - (capacity >>> 2) - (capacity >>> 3)
        && present.groupMask + 1 < GROUPS_MAX) {
      grown = new Table((present.groupMask + 1) << 1);
      copied = 0;
    }
    if (grown != null) {
      copySome(grown);
    } else if (size >= capacity - 1) {
      throw new IllegalStateException(
          "memtable has " + size + " keys, the most it can index; flush it earlier");
    }
  }

  private void copySome(Table target) {
    int end = Math.min(size, copied + KEYS_COPIED_AT_ONCE);
    for (; copied < end; copied++) {
      target.insert(hashes.getAcquire(copied), heads.getAcquire(copied));
    }
    if (copied == size) {
      table = target;
      grown = null;
    }
  }

  /** Adds the first version of a key that is not in the index. Writer only. */
  void insert(int hash, int reference) {
    table.insert(hash, reference);
    size++;
  }

  private static int tag(int hash) {
    int tag = hash & 0xFF;
    return tag == 0 ? 1 : tag;
  }

  private static final class Table {
    final long[] control;
    final int[] slots;
    final int groupMask;

    Table(int groups) {
      control = new long[groups];
      slots = new int[groups << GROUP_BITS];
      groupMask = groups - 1;
    }

    /** Replaces a reference if it is there. */
    void replace(int hash, int olderReference, int newerReference) {
      long tags = tag(hash) * LOW_BITS;
      int group = hash >>> 8 & groupMask;
      while (true) {
        long word = control[group];
        long matches = zeroBytes(word ^ tags);
        while (matches != 0) {
          int slot = slot(group, matches);
          if (slots[slot] == olderReference) {
            SLOT.setRelease(slots, slot, newerReference);
            return;
          }
          matches &= matches - 1;
        }
        if (zeroBytes(word) != 0) {
          return;
        }
        group = group + 1 & groupMask;
      }
    }

    void insert(int hash, int reference) {
      int group = hash >>> 8 & groupMask;
      while (true) {
        long word = control[group];
        long free = zeroBytes(word);
        if (free != 0) {
          int slot = slot(group, free);
          SLOT.setRelease(slots, slot, reference);
          CONTROL.setRelease(control, group, word | (long) tag(hash) << ((slot & 7) << 3));
          return;
        }
        group = group + 1 & groupMask;
      }
    }
  }
}
