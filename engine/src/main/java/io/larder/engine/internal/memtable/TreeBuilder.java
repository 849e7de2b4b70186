package io.larder.engine.internal.memtable;

import io.larder.engine.internal.memtable.KeyTree.Group;
import io.larder.engine.internal.memtable.KeyTree.Root;
import io.larder.engine.internal.memtable.Memtable.Trees;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds the ordered trees of a memtable from all its keys at once: sorts them, and fills leaves from left to right.
 * Used by one thread, before anybody reads.
 *
 * <p>The sort is a merge sort over prefixes and key numbers side by side; it looks at a key only where prefixes are
 * equal, and passes over halves that are in order already, as keys that arrived in order are.
 */
final class TreeBuilder {
  /** Room is left for later keys, so that not every leaf splits at once. */
  private static final int LEAF_KEYS = Leaves.CAPACITY - 2;

  private static final int GROUP_LEAVES = KeyTree.GROUP_LEAVES_MAX * 3 / 4;
  private static final int SORTED_BY_INSERTION_MAX = 16;

  private final Arena arena;
  private final IntColumn heads;
  private final Leaves leaves;
  private long[] prefixes = {};
  private int[] numbers = {};
  private long[] otherPrefixes = {};
  private int[] otherNumbers = {};

  TreeBuilder(Arena arena, IntColumn heads, Leaves leaves) {
    this.arena = arena;
    this.heads = heads;
    this.leaves = leaves;
  }

  /** Builds a tree for each keyspace that the keys with numbers below the given one are of. */
  Trees build(int keys) {
    prefixes = new long[keys];
    numbers = new int[keys];
    int[] ids = new int[0];
    int[] counts = new int[0];
    int position = 0;
    for (int number = 0; number < keys; number++) {
      int id = keyspaceId(number);
      if (position >= ids.length || ids[position] != id) {
        position = indexOf(ids, id);
        if (position < 0) {
          position = -position - 1;
          ids = inserted(ids, position, id);
          counts = inserted(counts, position, 0);
        }
      }
      counts[position]++;
    }
    place(keys, ids, counts);
    otherPrefixes = new long[keys];
    otherNumbers = new int[keys];
    KeyTree[] trees = new KeyTree[ids.length];
    int from = 0;
    for (int i = 0; i < ids.length; i++) {
      int to = from + counts[i];
      sort(from, to);
      trees[i] = tree(ids[i], from, to);
      from = to;
    }
    return new Trees(ids, trees);
  }

  private int keyspaceId(int number) {
    int reference = heads.getAcquire(number);
    return Arena.keyspaceId(arena.chunk(reference), Arena.offset(reference));
  }

  /** Puts the keys of each keyspace side by side. */
  private void place(int keys, int[] ids, int[] counts) {
    int[] next = new int[ids.length];
    for (int i = 1; i < ids.length; i++) {
      next[i] = next[i - 1] + counts[i - 1];
    }
    int position = 0;
    for (int number = 0; number < keys; number++) {
      int reference = heads.getAcquire(number);
      byte[] chunk = arena.chunk(reference);
      int start = Arena.offset(reference);
      int id = Arena.keyspaceId(chunk, start);
      if (ids[position] != id) {
        position = indexOf(ids, id);
      }
      int at = next[position]++;
      numbers[at] = number;
      prefixes[at] =
          KeyTree.prefix(chunk, start + Arena.RECORD_HEADER_BYTES, Arena.keyLength(chunk, start));
    }
  }

  private static int indexOf(int[] ids, int id) {
    int low = 0;
    int high = ids.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared = Integer.compareUnsigned(ids[middle], id);
      if (compared == 0) {
        return middle;
      } else if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private static int[] inserted(int[] array, int index, int element) {
    int[] changed = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, index, changed, index + 1, array.length - index);
    changed[index] = element;
    return changed;
  }

  private boolean inOrder(long leftPrefix, int left, long rightPrefix, int right) {
    return leftPrefix == rightPrefix ? compareKeys(left, right) <= 0 : leftPrefix < rightPrefix;
  }

  private int compareKeys(int left, int right) {
    int reference = heads.getAcquire(right);
    byte[] chunk = arena.chunk(reference);
    int start = Arena.offset(reference);
    return arena.compareKey(
        heads.getAcquire(left),
        chunk,
        start + Arena.RECORD_HEADER_BYTES,
        Arena.keyLength(chunk, start));
  }

  private void sort(int from, int to) {
    if (to - from <= SORTED_BY_INSERTION_MAX) {
      insertionSort(from, to);
      return;
    }
    int middle = (from + to) >>> 1;
    sort(from, middle);
    sort(middle, to);
    if (!inOrder(prefixes[middle - 1], numbers[middle - 1], prefixes[middle], numbers[middle])) {
      merge(from, middle, to);
    }
  }

  private void insertionSort(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long prefix = prefixes[i];
      int number = numbers[i];
      int at = i;
      while (at > from && !inOrder(prefixes[at - 1], numbers[at - 1], prefix, number)) {
        prefixes[at] = prefixes[at - 1];
        numbers[at] = numbers[at - 1];
        at--;
      }
      prefixes[at] = prefix;
      numbers[at] = number;
    }
  }

  private void merge(int from, int middle, int to) {
    int length = middle - from;
    System.arraycopy(prefixes, from, otherPrefixes, 0, length);
    System.arraycopy(numbers, from, otherNumbers, 0, length);
    int left = 0;
    int right = middle;
    int at = from;
    while (left < length && right < to) {
      if (inOrder(otherPrefixes[left], otherNumbers[left], prefixes[right], numbers[right])) {
        prefixes[at] = otherPrefixes[left];
        numbers[at++] = otherNumbers[left++];
      } else {
        prefixes[at] = prefixes[right];
        numbers[at++] = numbers[right++];
      }
    }
    System.arraycopy(otherPrefixes, left, prefixes, at, length - left);
    System.arraycopy(otherNumbers, left, numbers, at, length - left);
  }

  private KeyTree tree(int keyspaceId, int from, int to) {
    List<Group> groups = new ArrayList<>();
    int previous = 0;
    for (int at = from; at < to; ) {
      int leafCount = Math.min(GROUP_LEAVES, (to - at + LEAF_KEYS - 1) / LEAF_KEYS);
      Group group =
          new Group(
              new long[leafCount], new int[leafCount], new int[leafCount], new byte[leafCount]);
      for (int i = 0; i < leafCount; i++) {
        int end = Math.min(to, at + LEAF_KEYS);
        int leaf = leaf(at, end);
        if (previous != 0) {
          leaves.link(previous, leaf);
        }
        previous = leaf;
        group.prefixes[i] = prefixes[at];
        group.keyNumbers[i] = numbers[at];
        group.leaves[i] = leaf;
        group.order[i] = (byte) i;
        at = end;
      }
      groups.add(group);
    }
    Group[] all = groups.toArray(new Group[0]);
    long[] groupPrefixes = new long[all.length];
    int[] groupNumbers = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      groupPrefixes[i] = all[i].prefixes[0];
      groupNumbers[i] = all[i].keyNumbers[0];
    }
    Root root = new Root(groupPrefixes, groupNumbers, all);
    return new KeyTree(keyspaceId, arena, heads, leaves, root, to - from);
  }

  private int leaf(int from, int to) {
    int leaf = leaves.create();
    for (int at = from; at < to; at++) {
      leaves.insert(leaf, at - from, prefixes[at], numbers[at]);
    }
    return leaf;
  }
}
