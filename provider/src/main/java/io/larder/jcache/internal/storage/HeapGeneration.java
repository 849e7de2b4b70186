package io.larder.jcache.internal.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a store on the heap from one clearing to the next, and what they weigh. Thread-safe; keys are changed by who
 * holds their stripes.
 */
final class HeapGeneration<K, V> {
  private static final int ATTEMPTS = 100;

  final ConcurrentMap<K, HeapEntry<V>> entries = new ConcurrentHashMap<>();

  /** What the stripes have grown by since they last told of it; each changed by who holds the stripe. */
  private final long[] grown = new long[KeyStripes.COUNT];

  /** How many entries of a stripe are being or have been removed; each changed by who holds the stripe. */
  private final AtomicLongArray removals = new AtomicLongArray(KeyStripes.COUNT);

  /** By how much a stripe may grow without telling. */
  private final long toleranceBytes;

  private final AtomicLong bytes = new AtomicLong();

  /** Batches begun in the low half, batches done in the high one: a number that only stands still between them. */
  private final AtomicLong batches = new AtomicLong();

  private volatile boolean expiring;

  private final HeapRules.Owner owner;

  /** What came in its place when it was cleared, and who cleared it; read without a lock by that thread alone. */
  private @Nullable HeapGeneration<K, V> next;

  private @Nullable Thread replacer;

  HeapGeneration(HeapRules<K, V> rules) {
    HeapRules.Relocation<K, V> relocation = rules.relocation();
    this.owner = rules.owner();
    this.toleranceBytes = relocation == null ? Long.MAX_VALUE / 2 : relocation.toleranceBytes();
  }

  /** Hears what comes in its place, made by this thread; calls exclude each other. */
  void replacedBy(HeapGeneration<K, V> replacement) {
    replacer = Thread.currentThread();
    next = replacement;
  }

  /**
   * Returns where this thread goes on that has begun here: here, whoever clears meanwhile, unless it has cleared
   * itself.
   */
  HeapGeneration<K, V> latestOfThisThread() {
    HeapGeneration<K, V> following = next;
    return following == null ? this : latestOfThisThread(following);
  }

  private HeapGeneration<K, V> latestOfThisThread(HeapGeneration<K, V> first) {
    HeapGeneration<K, V> latest = this;
    HeapGeneration<K, V> replaced = this;
    HeapGeneration<K, V> following = first;
    while (following != null) { // of another thread's clearing it sees what it sees
      if (replaced.replacer == Thread.currentThread()) {
        latest = following;
      }
      replaced = following;
      following = replaced.next;
    }
    return latest;
  }

  /** Sets the entry of a key whose stripe the caller holds; returns the one before. */
  @Nullable HeapEntry<V> put(K key, int stripe, HeapEntry<V> entry) {
    HeapEntry<V> before = entries.put(key, entry);
    grow(stripe, before == null ? entry.weight() : entry.weight() - before.weight());
    return before;
  }

  /** Hears that an entry is about to be written which expires. */
  void expires() {
    if (!expiring) {
      expiring = true;
      owner.expires();
    }
  }

  /** Removes the entry of a key whose stripe the caller holds; returns the one before. */
  @Nullable HeapEntry<V> remove(K key, int stripe) {
    removes(stripe);
    HeapEntry<V> before = entries.remove(key);
    if (before != null) {
      grow(stripe, -before.weight());
    }
    return before;
  }

  /** Counts a removal before it is made: who finds the entry gone finds it counted. */
  private void removes(int stripe) {
    removals.lazySet(stripe, removals.getPlain(stripe) + 1);
  }

  private void grow(int stripe, long weight) {
    long growth = grown[stripe] + weight;
    if (growth > toleranceBytes || growth < -toleranceBytes) {
      grown[stripe] = 0;
      bytes.addAndGet(growth);
      owner.changed();
    } else {
      grown[stripe] = growth;
    }
  }

  /** Returns about how many bytes the entries take. */
  long bytes() {
    return bytes.get();
  }

  /** Takes expired entries out whose keys nobody holds. */
  void sweep(KeyStripes stripes, long nowMillis) {
    if (!expiring) {
      return;
    }
    entries.forEach(
        (key, entry) -> {
          if (isExpired(entry, nowMillis)) {
            drop(stripes, key, entry);
          }
        });
  }

  /** Takes an expired entry out, unless its key is held or it was written again. */
  void drop(KeyStripes stripes, K key, HeapEntry<V> entry) {
    int stripe = KeyStripes.of(key);
    if (stripes.tryTake(stripe)) {
      try {
        removes(stripe);
        if (entries.remove(key, entry)) {
          grow(stripe, -entry.weight());
        }
      } finally {
        stripes.release(stripe);
      }
    }
  }

  static boolean isExpired(HeapEntry<?> entry, long nowMillis) {
    long expiresAtMillis = entry.expiresAtMillis();
    return expiresAtMillis != EntryStore.NEVER && expiresAtMillis <= nowMillis;
  }

  /** Makes several changes of keys that the caller holds, which {@link #readAll} sees all or none of. */
  void asOne(Runnable changes) {
    batches.incrementAndGet();
    try {
      changes.run();
    } finally {
      batches.addAndGet((1L << Integer.SIZE) - 1);
    }
  }

  /**
   * Returns entries of keys, null where there is none, as they were at one moment; null if others change them all the
   * time. Two looks that find the same have found what was there between them, since no entry is written twice, and
   * what was absent both times has not been there in between if nothing of its stripe was removed.
   */
  @Nullable List<@Nullable HeapEntry<V>> readAll(List<K> keys) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long before = batches.get();
      long[] removed = removals(keys);
      List<@Nullable HeapEntry<V>> found = look(keys);
      if ((int) before == 0 && isUnchanged(keys, found, removed) && batches.get() == before) {
        return found;
      }
      Thread.onSpinWait();
    }
    return null;
  }

  /** Returns entries of keys one after the other, null where there is none: of one moment if the caller holds the keys. */
  List<@Nullable HeapEntry<V>> look(List<K> keys) {
    List<@Nullable HeapEntry<V>> found = new ArrayList<>(keys.size());
    for (K key : keys) {
      found.add(entries.get(key));
    }
    return found;
  }

  private long[] removals(List<K> keys) {
    long[] removed = new long[keys.size()];
    for (int index = 0; index < removed.length; index++) {
      removed[index] = removals.get(KeyStripes.of(keys.get(index)));
    }
    return removed;
  }

  private boolean isUnchanged(List<K> keys, List<@Nullable HeapEntry<V>> found, long[] removed) {
    for (int index = 0; index < found.size(); index++) {
      K key = keys.get(index);
      HeapEntry<V> entry = found.get(index);
      if (entries.get(key) != entry
          || (entry == null && removals.get(KeyStripes.of(key)) != removed[index])) {
        return false;
      }
    }
    return true;
  }
}
