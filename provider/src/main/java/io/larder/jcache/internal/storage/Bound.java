package io.larder.jcache.internal.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps entries that live elsewhere within a limit. Thread-safe; owned by whoever has the entries.
 *
 * <p>It is told of everything written, read and deleted, and holds a key, an expiry and a weight for each entry in a
 * Caffeine cache, whose policy (window TinyLFU: what is used often stays, what is new gets a chance) says what has to
 * go. What the policy drops is taken out of the store by the writer that brought the store above its limit, or the next
 * one, once nobody holds its key. So the store holds at most what the limit says; what threads are just writing, two
 * entries each or a whole batch; and those evicted whose keys are held. Expired entries leave the policy by
 * themselves.
 *
 * <p>Invariant: an entry in the store is known to the policy, or waits in the queue. The reverse does not hold: what
 * left the store behind its back counts until it is evicted in its turn, which hurts nobody.
 */
final class Bound {
  private static final Tracked ETERNAL_ENTRY = new Tracked(EntryStore.NEVER, 1);
  private static final int EVICTIONS_AT_ONCE = 64;

  private final boolean isBytes;
  private final LongSupplier nowMillis;
  private final Predicate<Object> evictor;
  private final Cache<Object, Tracked> tracked;
  private final Queue<Evicted> evicted = new ConcurrentLinkedQueue<>();

  /** The weight of all that is in the store, as far as is known: tracked, or in the queue. */
  private final AtomicLong weight = new AtomicLong();

  private volatile long most;

  /**
   * Creates a bound that knows of no entry.
   *
   * @param nowMillis the time by which expiry is judged
   * @param evictor takes an entry out of the store unless it is {@linkplain #isTracked tracked} again; false = its key
   *     is held by somebody, and it is to be asked again
   */
  Bound(Limit limit, LongSupplier nowMillis, Predicate<Object> evictor) {
    this.isBytes = limit.isBytes();
    this.nowMillis = nowMillis;
    this.evictor = evictor;
    this.most = limit.most();
    this.tracked =
        Caffeine.newBuilder()
            .maximumWeight(limit.most())
            .weigher((Object key, Tracked entry) -> entry.weight)
            .expireAfter(Expiry.writing((Object key, Tracked entry) -> lifetime(entry)))
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(nowMillis.getAsLong()))
            .removalListener(this::removed)
            .executor(Runnable::run)
            .build();
  }

  /** What the policy has to know of an entry. */
  private record Tracked(long expiresAtMillis, int weight) {}

  /** An entry that the policy has dropped, and that is still in the store. */
  private record Evicted(Object key, int weight) {}

  private Duration lifetime(Tracked entry) {
    return entry.expiresAtMillis == EntryStore.NEVER
        ? Duration.ofNanos(Long.MAX_VALUE)
        : Duration.ofMillis(Math.max(0, entry.expiresAtMillis - nowMillis.getAsLong()));
  }

  private void removed(@Nullable Object key, @Nullable Tracked entry, RemovalCause cause) {
    if (key != null && entry != null) {
      if (cause == RemovalCause.SIZE) {
        evicted.add(new Evicted(key, entry.weight));
      } else {
        weight.addAndGet(-entry.weight);
      }
    }
  }

  boolean isBytes() {
    return isBytes;
  }

  /** Changes how much there may be; {@link #evictAll} takes out the rest. */
  void resize(long newMost) {
    most = newMost;
    tracked.policy().eviction().ifPresent(bound -> bound.setMaximum(newMost));
  }

  /** Hears that an entry was written, and takes out what has to go for it. */
  void written(Object key, long expiresAtMillis, long bytes) {
    Tracked entry = entry(expiresAtMillis, bytes);
    weight.addAndGet(entry.weight);
    tracked.put(key, entry);
    evict();
    if (weight.get() > most) { // another thread is at it, or the keys are held
      tracked.cleanUp();
      evict();
    }
  }

  /** Hears of an entry that was there before the bound. */
  void found(Object key, long expiresAtMillis, long bytes) {
    Tracked entry = entry(expiresAtMillis, bytes);
    weight.addAndGet(entry.weight);
    if (tracked.asMap().putIfAbsent(key, entry) != null) {
      weight.addAndGet(-entry.weight);
    }
  }

  private Tracked entry(long expiresAtMillis, long bytes) {
    if (!isBytes) {
      return expiresAtMillis == EntryStore.NEVER ? ETERNAL_ENTRY : new Tracked(expiresAtMillis, 1);
    }
    return new Tracked(expiresAtMillis, (int) Math.min(Integer.MAX_VALUE, bytes));
  }

  /** Hears that an entry was used. */
  void used(Object key) {
    var unused = tracked.getIfPresent(key);
  }

  /** Hears that an entry was deleted. */
  void deleted(Object key) {
    tracked.invalidate(key);
  }

  /** Hears that all entries were removed; those written since have to be told of again. */
  void cleared() {
    tracked.invalidateAll();
  }

  /** Returns whether the policy wants an entry to stay. */
  boolean isTracked(Object key) {
    return tracked.asMap().containsKey(key);
  }

  private void evict() {
    evict(EVICTIONS_AT_ONCE);
  }

  /** Takes out all that has to go and is not held. */
  void evictAll() {
    tracked.cleanUp();
    evict(Integer.MAX_VALUE);
  }

  /** Takes out at most so many; what is held, or cannot be deleted now, stays in the queue. */
  private void evict(int most) {
    List<Evicted> kept = new ArrayList<>(0);
    try {
      for (int count = 0; count < most; count++) {
        Evicted next = evicted.poll();
        if (next == null) {
          break;
        }
        kept.add(next);
        if (evictor.test(next.key)) {
          kept.remove(kept.size() - 1);
          weight.addAndGet(-next.weight);
        }
      }
    } finally {
      evicted.addAll(kept);
    }
  }
}
