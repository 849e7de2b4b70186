package io.larder.engine.internal.memtable;

import io.larder.engine.internal.memtable.Leaves.LeafCopy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one keyspace in order: a chain of {@link Leaves} under two levels of immutable index nodes. One writer;
 * lock-free readers.
 *
 * <p>In the manner of a B-link tree (Lehman, Yao, 1981) the index may lag behind: whoever follows an old index node
 * lands on the right leaf or on one left of it and walks right along the chain. So an index node is replaced by a copy
 * and nothing needs to happen at once. Keys are never removed; a deletion is a version.
 */
final class KeyTree {
  private static final VarHandle GROUP = MethodHandles.arrayElementVarHandle(Group[].class);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  static final int GROUP_LEAVES_MAX = 128;

  final int keyspaceId;
  private final Arena arena;
  private final IntColumn heads;
  private final Leaves leaves;
  private volatile Root root;
  private final AtomicLong keyCount = new AtomicLong();

  KeyTree(int keyspaceId, Arena arena, IntColumn heads, Leaves leaves) {
    this.keyspaceId = keyspaceId;
    this.arena = arena;
    this.heads = heads;
    this.leaves = leaves;
    Group group = Group.of(leaves.create());
    this.root = new Root(new long[1], new int[1], new Group[] {group});
  }

  /** Creates a tree over leaves that are full of keys in order. */
  KeyTree(int keyspaceId, Arena arena, IntColumn heads, Leaves leaves, Root root, long keys) {
    this.keyspaceId = keyspaceId;
    this.arena = arena;
    this.heads = heads;
    this.leaves = leaves;
    this.root = root;
    this.keyCount.set(keys);
  }

  long keyCount() {
    return keyCount.get();
  }

  /** Returns the first 8 bytes of a key as a number that compares like them. */
  static long prefix(byte[] key, int offset, int length) {
    if (length >= Long.BYTES) {
      return (long) LONGS.get(key, offset) ^ Long.MIN_VALUE;
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (key[offset + i] & 0xFFL) << (56 - (i << 3));
    }
    return prefix ^ Long.MIN_VALUE;
  }

  private int compare(
      long prefix, int keyNumber, long otherPrefix, byte[] key, int offset, int length) {
    if (prefix != otherPrefix) {
      return prefix < otherPrefix ? -1 : 1;
    }
    return arena.compareKey(heads.getAcquire(keyNumber), key, offset, length);
  }

  // ---- readers ----

  /** Returns the leaf a walk for a key begins at: the one that has its place, or one left of it. */
  private int route(long prefix, byte[] key, int offset, int length, boolean strictlyBelow) {
    Root present = root;
    int groupIndex =
        floor(present.prefixes, present.keyNumbers, prefix, key, offset, length, strictlyBelow);
    Group group = (Group) GROUP.getAcquire(present.groups, groupIndex);
    return group.leaf(floor(group, prefix, key, offset, length, strictlyBelow));
  }

  /** Returns the last index, at least 0, whose separator is at or (strictly) below a key. */
  private int floor(
      long[] prefixes,
      int[] keyNumbers,
      long prefix,
      byte[] key,
      int offset,
      int length,
      boolean strictlyBelow) {
    int bound = strictlyBelow ? 0 : 1;
    int low = 1; // the separator at 0 stands for "below everything"
    int high = prefixes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(prefixes[middle], keyNumbers[middle], prefix, key, offset, length) < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Returns the last index in a group, at least 0, whose separator is at or (strictly) below a key. */
  private int floor(
      Group group, long prefix, byte[] key, int offset, int length, boolean strictlyBelow) {
    int bound = strictlyBelow ? 0 : 1;
    int low = 1; // the separator at 0 stands for "below everything", or is that of the root
    int high = group.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int slot = group.order[middle];
      if (compare(group.prefixes[slot], group.keyNumbers[slot], prefix, key, offset, length)
          < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Returns the first index in a copy whose key is at or above a key. */
  private int ceiling(LeafCopy copy, long prefix, byte[] key, int offset, int length, int bound) {
    int low = 0;
    int high = copy.count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long middlePrefix = copy.prefixes[middle];
      int keyNumber = copy.keyNumbers[middle];
      if (compare(middlePrefix, keyNumber, prefix, key, offset, length) < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Copies the leftmost leaf. */
  void first(LeafCopy copy) {
    leaves.copy(((Group) GROUP.getAcquire(root.groups, 0)).leaf(0), copy);
  }

  /** Copies the rightmost leaf. */
  void last(LeafCopy copy) {
    Root present = root;
    Group group = (Group) GROUP.getAcquire(present.groups, present.groups.length - 1);
    leaves.copy(group.leaf(group.size() - 1), copy);
    while (copy.next != 0) {
      leaves.copy(copy.next, copy);
    }
  }

  /**
   * Copies the leaf that has the first key at or above the given one and returns its index there; equal to the count
   * if there is no such key.
   */
  int seekAscending(byte[] key, int offset, int length, LeafCopy copy) {
    long prefix = prefix(key, offset, length);
    leaves.copy(route(prefix, key, offset, length, false), copy);
    return advance(prefix, key, offset, length, copy, 0);
  }

  /**
   * Copies the leaf right of a copy, passing over keys at or below the given one (a split may have moved them there),
   * and returns the index of the first key; equal to the count if there is none.
   */
  int nextLeaf(byte[] lastKey, int offset, int length, LeafCopy copy) {
    if (copy.next == 0) {
      return copy.count;
    }
    leaves.copy(copy.next, copy);
    return advance(prefix(lastKey, offset, length), lastKey, offset, length, copy, 1);
  }

  private int advance(long prefix, byte[] key, int offset, int length, LeafCopy copy, int bound) {
    int index = ceiling(copy, prefix, key, offset, length, bound);
    while (index == copy.count && copy.next != 0) {
      leaves.copy(copy.next, copy);
      index = ceiling(copy, prefix, key, offset, length, bound);
    }
    return index;
  }

  /**
   * Copies the leaf that has the last key at or below (or strictly below) the given one and returns its index there, or
   * -1 if there is no such key.
   */
  int seekDescending(
      byte[] key, int offset, int length, boolean strictlyBelow, LeafCopy copy, LeafCopy scratch) {
    long prefix = prefix(key, offset, length);
    int bound = strictlyBelow ? 0 : 1;
    leaves.copy(route(prefix, key, offset, length, strictlyBelow), copy);
    int index = ceiling(copy, prefix, key, offset, length, bound) - 1;
    while (index == copy.count - 1 && copy.next != 0) {
      leaves.copy(copy.next, scratch);
      int rightIndex = ceiling(scratch, prefix, key, offset, length, bound) - 1;
      if (rightIndex < 0) {
        break;
      }
      copy.take(scratch);
      index = rightIndex;
    }
    return index;
  }

  // ---- the writer ----

  /** Inserts a key that is not in the tree; its head must be set. Fails before it has changed anything. */
  void insert(byte[] key, int offset, int length, int keyNumber) {
    long prefix = prefix(key, offset, length);
    Root present = root;
    int groupIndex =
        floor(present.prefixes, present.keyNumbers, prefix, key, offset, length, false);
    Group group = present.groups[groupIndex];
    int leafIndex = floor(group, prefix, key, offset, length, false);
    int leaf = group.leaf(leafIndex);
    int index = indexInLeaf(leaf, prefix, key, offset, length);
    if (leaves.count(leaf) < Leaves.CAPACITY) {
      leaves.insert(leaf, index, prefix, keyNumber);
    } else {
      split(groupIndex, leafIndex, leaf, index, prefix, keyNumber);
    }
    keyCount.setRelease(keyCount.getPlain() + 1);
  }

  private int indexInLeaf(int leaf, long prefix, byte[] key, int offset, int length) {
    int low = leaves.ceiling(leaf, prefix);
    int count = leaves.count(leaf);
    if (low == count || leaves.prefix(leaf, low) != prefix) {
      return low;
    }
    int high = prefix == Long.MAX_VALUE ? count : leaves.ceiling(leaf, prefix + 1);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int head = heads.getAcquire(leaves.keyNumber(leaf, middle));
      if (arena.compareKey(head, key, offset, length) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void split(
      int groupIndex, int leafIndex, int leaf, int index, long prefix, int keyNumber) {
    // Keys that arrive in ascending order fill their leaves: the last leaf gives nothing away.
    boolean append = index == Leaves.CAPACITY && leaves.next(leaf) == 0;
    int remaining = append ? Leaves.CAPACITY : Leaves.CAPACITY >>> 1;
    int upper = leaves.copyUpper(leaf, remaining);
    if (index >= remaining) {
      leaves.insert(upper, index - remaining, prefix, keyNumber);
    }
    long separatorPrefix = leaves.prefix(upper, 0);
    int separator = leaves.keyNumber(upper, 0);
    Root present = root;
    Group group = present.groups[groupIndex];
    Group grown;
    @Nullable Root replacement = null;
    if (group.size() < GROUP_LEAVES_MAX) {
      grown = group.with(leafIndex + 1, separatorPrefix, separator, upper);
    } else {
      boolean appendGroup = append && groupIndex == present.groups.length - 1;
      int kept = appendGroup ? GROUP_LEAVES_MAX - 1 : GROUP_LEAVES_MAX >>> 1;
      Group left = group.part(0, kept);
      Group right = group.part(kept, GROUP_LEAVES_MAX);
      boolean isRight = leafIndex >= kept;
      grown = isRight ? right : left;
      grown = grown.with(leafIndex + 1 - (isRight ? kept : 0), separatorPrefix, separator, upper);
      replacement = present.withSplit(groupIndex, isRight ? left : grown, isRight ? grown : right);
    }
    leaves.publishSplit(leaf, upper, remaining);
    if (replacement == null) {
      GROUP.setRelease(present.groups, groupIndex, grown);
    } else {
      root = replacement;
    }
    if (index < remaining) {
      leaves.insert(leaf, index, prefix, keyNumber);
    }
  }

  /** The upper index level; only the elements of {@code groups} change. */
  static final class Root {
    final long[] prefixes;
    final int[] keyNumbers;
    final Group[] groups;

    Root(long[] prefixes, int[] keyNumbers, Group[] groups) {
      this.prefixes = prefixes;
      this.keyNumbers = keyNumbers;
      this.groups = groups;
    }

    Root withSplit(int index, Group left, Group right) {
      Group[] changed = Arrays.copyOf(groups, groups.length + 1);
      System.arraycopy(groups, index + 1, changed, index + 2, groups.length - index - 1);
      changed[index] = left;
      changed[index + 1] = right;
      int first = right.order[0];
      return new Root(
          inserted(prefixes, index + 1, right.prefixes[first]),
          inserted(keyNumbers, index + 1, right.keyNumbers[first]),
          changed);
    }
  }

  /**
   * The lower index level: each leaf with its smallest key, in slots that are written once. The order names the slots in
   * use and never changes; a group with one leaf more shares the slots and has an order of its own. So a split leaves
   * a hundred bytes behind, where copies of the slots would leave two thousand.
   */
  static final class Group {
    final long[] prefixes;
    final int[] keyNumbers;
    final int[] leaves;
    final byte[] order;

    Group(long[] prefixes, int[] keyNumbers, int[] leaves, byte[] order) {
      this.prefixes = prefixes;
      this.keyNumbers = keyNumbers;
      this.leaves = leaves;
      this.order = order;
    }

    static Group of(int leaf) {
      return new Group(new long[8], new int[8], new int[] {leaf, 0, 0, 0, 0, 0, 0, 0}, new byte[1]);
    }

    int size() {
      return order.length;
    }

    int leaf(int index) {
      return leaves[order[index]];
    }

    /** Returns a group with one more leaf. Writer only, and only of the newest group that shares the slots. */
    Group with(int index, long prefix, int keyNumber, int leaf) {
      int slot = order.length; // slots are taken one after the other, so this one is free
      Group roomy = slot < leaves.length ? this : withRoom();
      roomy.prefixes[slot] = prefix;
      roomy.keyNumbers[slot] = keyNumber;
      roomy.leaves[slot] = leaf;
      byte[] changed = Arrays.copyOf(order, slot + 1);
      System.arraycopy(order, index, changed, index + 1, slot - index);
      changed[index] = (byte) slot;
      return new Group(roomy.prefixes, roomy.keyNumbers, roomy.leaves, changed);
    }

    private Group withRoom() {
      int capacity = Math.min(leaves.length << 1, GROUP_LEAVES_MAX);
      return new Group(
          Arrays.copyOf(prefixes, capacity),
          Arrays.copyOf(keyNumbers, capacity),
          Arrays.copyOf(leaves, capacity),
          order);
    }

    /** Returns the leaves between two indexes in slots of their own. */
    Group part(int from, int to) {
      int count = to - from;
      int capacity = Math.max(8, Math.min(GROUP_LEAVES_MAX, Integer.highestOneBit(count) << 1));
      Group part =
          new Group(new long[capacity], new int[capacity], new int[capacity], new byte[count]);
      for (int i = 0; i < count; i++) {
        int slot = order[from + i];
        part.prefixes[i] = prefixes[slot];
        part.keyNumbers[i] = keyNumbers[slot];
        part.leaves[i] = leaves[slot];
        part.order[i] = (byte) i;
      }
      return part;
    }
  }

  private static long[] inserted(long[] array, int index, long element) {
    long[] changed = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, index, changed, index + 1, array.length - index);
    changed[index] = element;
    return changed;
  }

  private static int[] inserted(int[] array, int index, int element) {
    int[] changed = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, index, changed, index + 1, array.length - index);
    changed[index] = element;
    return changed;
  }
}
