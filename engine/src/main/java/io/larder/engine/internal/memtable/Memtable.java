package io.larder.engine.internal.memtable;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.KeyHash;
import io.larder.engine.internal.codec.Lookup;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The versions of entries in memory: points are found through a hash, ranges through ordered trees, one a keyspace. One
 * thread at a time adds (the commit lock sees to that); any number of threads read meanwhile without locks. Nothing is
 * closed: it is garbage when the last reader has left.
 *
 * <p>A reader sees every version that was added before it learnt the sequence number it reads at; what is added while
 * it reads has higher sequence numbers and is passed over. Arrays given to {@link #add} are copied.
 *
 * <p>Every key has a number. The hash leads from a key to its newest version, the tree from a position in the order to
 * a key's number and {@link #heads} from there to the same version; the versions of a key are chained from new to old.
 * So an update touches no tree, and a hit reads three cache lines: tags, slot, record.
 */
public final class Memtable {
  /** What a key costs beside its versions: slots in leaf, hash and columns at their usual fill. */
  public static final int KEY_OVERHEAD_BYTES = 40;

  private static final Trees NO_TREES = new Trees(new int[0], new KeyTree[0]);

  private final long seed;
  private final Arena arena = new Arena();
  private final IntColumn heads = new IntColumn();
  private final IntColumn hashes = new IntColumn();
  private final HashIndex index = new HashIndex(arena, heads, hashes);
  private final Leaves leaves = new Leaves();
  private volatile Trees trees = NO_TREES;
  private int keyNumbers;

  /** Whether a {@link MemtableLoader} will make the trees. */
  private boolean loading;

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong shadowedBytes = new AtomicLong();
  private final AtomicLong deletedBytes = new AtomicLong();
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong keyCount = new AtomicLong();
  private final AtomicLong firstSequence = new AtomicLong();
  private final AtomicLong lastSequence = new AtomicLong();
  private final AtomicLong minExpiryMillis = new AtomicLong(Long.MAX_VALUE);

  /** Creates an empty memtable with the hash seed 0, for keys nobody chooses in bad faith. */
  public Memtable() {
    this(0);
  }

  /**
   * Creates an empty memtable; it starts small and grows.
   *
   * @param hashSeed a number that whoever chooses keys does not know, so that they cannot be made to collide
   */
  public Memtable(long hashSeed) {
    this.seed = hashSeed;
  }

  /** Adds a version of a key, or a tombstone if the value is null. */
  public void add(
      int keyspaceId, byte[] key, long sequence, byte @Nullable [] value, long expiresAtMillis) {
    int valueLength = value == null ? 0 : value.length;
    add(keyspaceId, key, 0, key.length, sequence, value, 0, valueLength, expiresAtMillis);
  }

  /**
   * Adds a version of a key, or a tombstone if the value is null.
   *
   * <p>Requires: one thread at a time; a sequence number above that of the key's newest version.
   */
  public void add(
      int keyspaceId,
      byte[] key,
      int keyOffset,
      int keyLength,
      long sequence,
      byte @Nullable [] value,
      int valueOffset,
      int valueLength,
      long expiresAtMillis) {
    int hash = (int) hash(keyspaceId, key, keyOffset, keyLength);
    int older = index.find(hash, keyspaceId, key, keyOffset, keyLength);
    int size = Arena.sizeBytes(keyLength, valueLength, expiresAtMillis);
    int overhead = 0;
    if (older == 0) {
      index.reserve();
      heads.reserve(keyNumbers);
      hashes.reserve(keyNumbers);
      @Nullable KeyTree tree = loading ? null : treeForWriting(keyspaceId);
      int reference =
          arena.write(
              sequence,
              0,
              keyspaceId,
              keyNumbers,
              key,
              keyOffset,
              keyLength,
              value,
              valueOffset,
              valueLength,
              expiresAtMillis);
      hashes.setRelease(keyNumbers, hash);
      heads.setRelease(keyNumbers, reference);
      if (tree != null) {
        tree.insert(key, keyOffset, keyLength, keyNumbers);
      }
      index.insert(hash, reference);
      keyNumbers++;
      add(keyCount, 1);
      overhead = KEY_OVERHEAD_BYTES;
      if (value == null) {
        add(deletedBytes, size + KEY_OVERHEAD_BYTES);
      }
    } else {
      byte[] chunk = arena.chunk(older);
      int start = Arena.offset(older);
      requireNewer(sequence, Arena.sequence(chunk, start));
      int keyNumber = Arena.keyNumber(chunk, start);
      int reference =
          arena.write(
              sequence,
              older,
              keyspaceId,
              keyNumber,
              key,
              keyOffset,
              keyLength,
              value,
              valueOffset,
              valueLength,
              expiresAtMillis);
      heads.setRelease(keyNumber, reference);
      index.replace(hash, older, reference);
      int olderSize = Arena.sizeBytes(chunk, start);
      add(shadowedBytes, olderSize);
      long deleted = Arena.isDelete(chunk, start) ? -olderSize - KEY_OVERHEAD_BYTES : 0;
      if (value == null) {
        deleted += size + KEY_OVERHEAD_BYTES;
      }
      if (deleted != 0) {
        add(deletedBytes, deleted);
      }
    }
    count(sequence, expiresAtMillis, size + overhead);
  }

  private static void requireNewer(long sequence, long newest) {
    if (sequence <= newest) {
      throw new IllegalArgumentException(
          "sequence number " + sequence + " is not above " + newest + ", the key's newest");
    }
  }

  private void count(long sequence, long expiresAtMillis, int sizeBytes) {
    add(bytes, sizeBytes);
    add(count, 1);
    if (firstSequence.getPlain() == 0) {
      firstSequence.setRelease(sequence);
    }
    lastSequence.setRelease(Math.max(sequence, lastSequence.getPlain()));
    if (expiresAtMillis != 0 && expiresAtMillis < minExpiryMillis.getPlain()) {
      minExpiryMillis.setRelease(expiresAtMillis);
    }
  }

  private static void add(AtomicLong counter, long delta) {
    counter.setRelease(counter.getPlain() + delta); // one writer: no need for a locked instruction
  }

  private KeyTree treeForWriting(int keyspaceId) {
    Trees present = trees;
    int position = present.ceiling(keyspaceId);
    if (position < present.ids.length && present.ids[position] == keyspaceId) {
      return present.trees[position];
    }
    KeyTree tree = new KeyTree(keyspaceId, arena, heads, leaves);
    trees = present.with(position, keyspaceId, tree);
    return tree;
  }

  /**
   * Finds the newest version of a key at or below a sequence number, tombstones and expired ones included, and returns
   * whether there is one. Any thread.
   */
  public boolean get(int keyspaceId, byte[] key, long maxSequence, Lookup result) {
    return get(hash(keyspaceId, key, 0, key.length), keyspaceId, key, maxSequence, result);
  }

  /** Finds a version like {@link #get(int, byte[], long, Lookup)}, for a key whose {@link #hash} is known. */
  public boolean get(long hash, int keyspaceId, byte[] key, long maxSequence, Lookup result) {
    int reference = index.find((int) hash, keyspaceId, key, 0, key.length);
    while (reference != 0) {
      byte[] chunk = arena.chunk(reference);
      int start = Arena.offset(reference);
      long sequence = Arena.sequence(chunk, start);
      if (sequence <= maxSequence) {
        int valueStart = start + Arena.RECORD_HEADER_BYTES + key.length;
        result.setArray(
            sequence,
            Arena.isDelete(chunk, start),
            Arena.expiresAtMillis(chunk, start),
            chunk,
            valueStart,
            Arena.valueLength(chunk, start));
        return true;
      }
      reference = Arena.older(chunk, start);
    }
    result.clear();
    return false;
  }

  /**
   * Brings what a read of some keys will need into the cache: all control words, then all slots, then all records, so
   * that the misses of one step overlap. Worth it for more than a few keys.
   *
   * @param references room for as many elements as there are hashes
   * @return a number without meaning, to be kept somewhere so that nothing is optimised away
   */
  public static int warm(Memtable[] memtables, long[] hashes, int[] references, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += memtables[i].index.touch((int) hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      references[i] = memtables[i].index.likely((int) hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      if (references[i] != 0) {
        sum += memtables[i].arena.touch(references[i]);
      }
    }
    return sum;
  }

  /** Brings what a read of some keys of this memtable will need into the cache. */
  public int warm(int keyspaceId, List<byte[]> keys) {
    int count = keys.size();
    Memtable[] memtables = new Memtable[count];
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      byte[] key = keys.get(i);
      memtables[i] = this;
      hashes[i] = hash(keyspaceId, key, 0, key.length);
    }
    return warm(memtables, hashes, new int[count], count);
  }

  /** Returns the hash of a key; the same in all memtables of the same seed. */
  public long hash(int keyspaceId, byte[] array, int offset, int length) {
    return KeyHash.hash(seed, keyspaceId, array, offset, length);
  }

  /** Returns the most bytes that adding a version can add to {@link #bytes}. */
  public static long bytesMax(int keyLength, int valueLength, long expiresAtMillis) {
    return (long) Arena.sizeBytes(keyLength, valueLength, expiresAtMillis) + KEY_OVERHEAD_BYTES;
  }

  /** Hears of the newest version of a key. */
  @FunctionalInterface
  public interface KeyVisitor {
    /** Visits a key: its keyspace, its hash, and what its newest version takes. */
    void visit(int keyspaceId, long hash, int sizeBytes);
  }

  /** Shows the newest version of one of the {@link #keyCount} keys, numbered from 0 as they came. Any thread. */
  public void visitKey(int keyNumber, KeyVisitor visitor) {
    int reference = heads.getAcquire(keyNumber);
    byte[] chunk = arena.chunk(reference);
    int start = Arena.offset(reference);
    int keyspaceId = Arena.keyspaceId(chunk, start);
    int keyStart = start + Arena.RECORD_HEADER_BYTES;
    long hash = hash(keyspaceId, chunk, keyStart, Arena.keyLength(chunk, start));
    visitor.visit(keyspaceId, hash, Arena.sizeBytes(chunk, start) + KEY_OVERHEAD_BYTES);
  }

  /** Returns the sequence number of a key's newest version, 0 if there is none. Any thread. */
  public long newestSequence(int keyspaceId, byte[] key) {
    int hash = (int) hash(keyspaceId, key, 0, key.length);
    int reference = index.find(hash, keyspaceId, key, 0, key.length);
    return reference == 0 ? 0 : Arena.sequence(arena.chunk(reference), Arena.offset(reference));
  }

  /** Opens a cursor over all versions, keys ascending. */
  public EntryCursor cursor() {
    return new MemtableCursor(this, false);
  }

  /** Opens a cursor over all versions, keys descending. */
  public EntryCursor cursorDescending() {
    return new MemtableCursor(this, true);
  }

  /** Leaves new keys out of the trees until {@link #endLoading}. Requires: nothing was added. */
  void beginLoading() {
    loading = true;
  }

  /** Puts all keys into trees at once. */
  void endLoading() {
    trees = new TreeBuilder(arena, heads, leaves).build(keyNumbers);
    loading = false;
  }

  Arena arena() {
    return arena;
  }

  IntColumn heads() {
    return heads;
  }

  Leaves leaves() {
    return leaves;
  }

  Trees trees() {
    return trees;
  }

  /** Returns the bytes of all versions with their overhead. */
  public long bytes() {
    return bytes.get();
  }

  /** Returns the bytes of versions that are no longer the newest of their key. */
  public long shadowedBytes() {
    return shadowedBytes.get();
  }

  /** Returns the bytes that the newest state could do without: older versions, and tombstones. */
  public long garbageBytes() {
    return shadowedBytes.get() + deletedBytes.get();
  }

  /** Returns the number of versions. */
  public long count() {
    return count.get();
  }

  /** Returns whether nothing was added. */
  public boolean isEmpty() {
    return count() == 0;
  }

  /** Returns the number of distinct keys, deleted ones included. */
  public long keyCount() {
    return keyCount.get();
  }

  /** Returns the number of distinct keys of one keyspace, deleted ones included. */
  public long keyCount(int keyspaceId) {
    Trees present = trees;
    int position = present.ceiling(keyspaceId);
    boolean known = position < present.ids.length && present.ids[position] == keyspaceId;
    return known ? present.trees[position].keyCount() : 0;
  }

  /** Returns the numbers of the keyspaces that have versions here, ascending as unsigned. */
  public int[] keyspaceIds() {
    return trees.ids.clone();
  }

  /** Returns the sequence number that was added first, 0 if none. */
  public long firstSequence() {
    return firstSequence.get();
  }

  /** Returns the highest sequence number, 0 if none. */
  public long lastSequence() {
    return lastSequence.get();
  }

  /** Returns the earliest expiry of any version, {@link Long#MAX_VALUE} if none expires. */
  public long minExpiryMillis() {
    return minExpiryMillis.get();
  }

  /** The trees by keyspace number, ascending as unsigned; immutable. */
  static final class Trees {
    final int[] ids;
    final KeyTree[] trees;

    Trees(int[] ids, KeyTree[] trees) {
      this.ids = ids;
      this.trees = trees;
    }

    /** Returns the first position whose number is at or above the given one. */
    int ceiling(int keyspaceId) {
      int low = 0;
      int high = ids.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (Integer.compareUnsigned(ids[middle], keyspaceId) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    Trees with(int position, int keyspaceId, KeyTree tree) {
      int[] newIds = Arrays.copyOf(ids, ids.length + 1);
      System.arraycopy(ids, position, newIds, position + 1, ids.length - position);
      newIds[position] = keyspaceId;
      KeyTree[] newTrees = Arrays.copyOf(trees, trees.length + 1);
      System.arraycopy(trees, position, newTrees, position + 1, trees.length - position);
      newTrees[position] = tree;
      return new Trees(newIds, newTrees);
    }
  }
}
