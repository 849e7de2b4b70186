package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.events.EventDispatcher;
import io.larder.jcache.internal.events.ExpiryWatch;
import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import io.larder.jcache.internal.storage.StoredValue;
import java.util.Map;
import javax.cache.event.EventType;
import javax.cache.expiry.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The changes an entry can go through, each with its expiry, its count and its event. Thread-safe.
 *
 * <p>Requires: the caller holds the key ({@link #accessed} takes it by itself), and has called the writer.
 * Order inside: store, count, event; so that a failing listener finds everything done.
 */
final class Mutations<K, V> {
  private static final long TOUCH_TOLERANCE_MILLIS_MAX = 1_000;
  private static final long TOUCH_PARTS = 100;

  private final EntryStore<K, V> store;
  private final ExpiryRules<K, V> expiry;
  private final EventDispatcher<K, V> events;
  private final ExpiryWatch<K, V> watch;
  private final OperationStatistics statistics;

  Mutations(CacheParts<K, V> parts) {
    this.store = parts.store();
    this.expiry = parts.expiry();
    this.events = parts.events();
    this.watch = parts.watch();
    this.statistics = parts.statistics();
  }

  /** Whether the change was asked for by the application or comes from the loader, which is not counted. */
  enum Origin {
    PUT,
    LOAD
  }

  /** Waits until asynchronous listeners are not too far behind; the caller is about to take keys. */
  void awaitRoomForEvents() {
    events.awaitRoom();
  }

  /** Returns whether a put need not look at the entry it replaces, other than at its expiry. */
  boolean isSilent() {
    return events.isSilent();
  }

  /** Creates or updates in one step of the store, if nobody listens and the policy says nothing; false if it did not. */
  boolean putAtOnce(K key, V value) {
    boolean done = expiry.isEternal() && events.isSilent() && store.putEternal(key, value);
    if (done) {
      statistics.puts(1);
    }
    return done;
  }

  /** Creates or updates many entries in one step of the store, as {@link #putAtOnce} does one. */
  boolean putAllAtOnce(Map<? extends K, ? extends V> values) {
    boolean done = expiry.isEternal() && events.isSilent() && store.putAllEternal(values);
    if (done) {
      statistics.puts(values.size());
    }
    return done;
  }

  /** Returns the time the policy's durations begin at; 0 if it has none. */
  private long nowForExpiry() {
    return expiry.isEternal() ? 0 : store.nowMillis();
  }

  /** Creates or updates while nobody listens. */
  void putSilently(Slot<K, V> slot, StoredValue<V> value) {
    long current = expiry.isUpdateLikeCreation() ? EntryStore.NEVER : slot.expiry();
    boolean isNew = current == EntryStore.ABSENT;
    long now = nowForExpiry();
    long expiresAtMillis =
        isNew
            ? expiry.forCreation(slot.key(), value, now)
            : expiry.forUpdate(slot.key(), value, now, current);
    if (expiresAtMillis == ExpiryRules.AT_ONCE) {
      put(slot, slot.read(), value, Origin.PUT);
    } else {
      slot.write(value, expiresAtMillis);
      statistics.puts(1);
    }
  }

  /** Creates or updates, depending on whether there is an entry. */
  void put(Slot<K, V> slot, @Nullable StoredEntry<V> current, StoredValue<V> value, Origin origin) {
    if (current == null) {
      create(slot, value, origin);
    } else {
      update(slot, current, value, origin);
    }
  }

  /** Creates or updates with a time to live of the entry's own; returns whether there is an entry now. */
  boolean put(
      Slot<K, V> slot,
      @Nullable StoredEntry<V> current,
      StoredValue<V> value,
      java.time.Duration timeToLive) {
    long expiresAtMillis = ExpiryRules.expiry(timeToLive, store.nowMillis());
    if (current == null) {
      watch.settle(slot);
      return create(slot, value, expiresAtMillis, Origin.PUT);
    }
    update(slot, current, value, expiresAtMillis, Origin.PUT);
    return true;
  }

  /** Gives an entry a time to live of its own, as durably as a put. */
  void expire(Slot<K, V> slot, StoredEntry<V> current, java.time.Duration timeToLive) {
    long expiresAtMillis = ExpiryRules.expiry(timeToLive, store.nowMillis());
    if (expiresAtMillis == ExpiryRules.AT_ONCE) {
      expireNow(slot, current);
    } else {
      slot.write(current, expiresAtMillis);
      watch.written(slot, current, expiresAtMillis);
    }
  }

  private void expireNow(Slot<K, V> slot, StoredEntry<V> current) {
    slot.delete();
    watch.forget(slot.key());
    events.publish(EventType.EXPIRED, slot.key(), null, current);
  }

  /** Creates an entry; one that expires at once is not added at all. Returns whether it was added. */
  boolean create(Slot<K, V> slot, StoredValue<V> value, Origin origin) {
    watch.settle(slot);
    return create(slot, value, expiry.forCreation(slot.key(), value, nowForExpiry()), origin);
  }

  private boolean create(
      Slot<K, V> slot, StoredValue<V> value, long expiresAtMillis, Origin origin) {
    if (expiresAtMillis == ExpiryRules.AT_ONCE) {
      return false;
    }
    slot.write(value, expiresAtMillis);
    created(slot, value, expiresAtMillis, origin);
    return true;
  }

  /** Counts and tells of an entry that was stored already. */
  void created(Slot<K, V> slot, StoredValue<V> value, long expiresAtMillis, Origin origin) {
    count(origin);
    watch.written(slot, value, expiresAtMillis);
    events.publish(EventType.CREATED, slot.key(), value, null);
  }

  /** Updates an entry; one that expires at once is updated, and then gone. */
  void update(Slot<K, V> slot, StoredEntry<V> current, StoredValue<V> value, Origin origin) {
    long expiresAtMillis =
        expiry.forUpdate(slot.key(), value, nowForExpiry(), current.expiresAtMillis());
    update(slot, current, value, expiresAtMillis, origin);
  }

  /** Updates an entry that was read by the same operation: what the access prolongs, the update may keep. */
  void updateAccessed(Slot<K, V> slot, StoredEntry<V> current, StoredValue<V> value) {
    long now = nowForExpiry();
    Duration access = expiryForAccess(slot.key(), current);
    long accessed = access == null ? current.expiresAtMillis() : ExpiryRules.expiry(access, now);
    update(slot, current, value, expiry.forUpdate(slot.key(), value, now, accessed), Origin.PUT);
  }

  private void update(
      Slot<K, V> slot,
      StoredEntry<V> current,
      StoredValue<V> value,
      long expiresAtMillis,
      Origin origin) {
    if (expiresAtMillis == ExpiryRules.AT_ONCE) {
      slot.delete();
    } else {
      slot.write(value, expiresAtMillis);
    }
    updated(slot, current, value, expiresAtMillis, origin);
  }

  /** Counts and tells of an update that was stored already. */
  void updated(
      Slot<K, V> slot,
      StoredEntry<V> current,
      StoredValue<V> value,
      long expiresAtMillis,
      Origin origin) {
    count(origin);
    if (expiresAtMillis == ExpiryRules.AT_ONCE) {
      watch.forget(slot.key());
      try {
        events.publish(EventType.UPDATED, slot.key(), value, current);
      } finally {
        events.publish(EventType.EXPIRED, slot.key(), null, value);
      }
    } else {
      watch.written(slot, value, expiresAtMillis);
      events.publish(EventType.UPDATED, slot.key(), value, current);
    }
  }

  /** Removes an entry. */
  void remove(Slot<K, V> slot, StoredEntry<V> current) {
    slot.delete();
    removed(slot, current);
  }

  /** Counts and tells of a removal that was stored already. */
  void removed(Slot<K, V> slot, StoredEntry<V> current) {
    statistics.removals(1);
    watch.forget(slot.key());
    events.publish(EventType.REMOVED, slot.key(), null, current);
  }

  /** Gives an entry that was read the expiry the policy wants for it; takes the key only if it must. */
  void accessed(Slot<K, V> slot, StoredEntry<V> read) {
    Duration duration = expiryForAccess(slot.key(), read);
    if (duration != null) {
      accessed(slot, read, duration);
    }
  }

  /** Asks the policy what an access means; null = nothing. */
  @Nullable Duration expiryForAccess(K key, StoredValue<V> value) {
    return expiry.forAccess(key, value);
  }

  /** Gives an entry that was read the expiry the policy said; takes the key. */
  void accessed(Slot<K, V> slot, StoredEntry<V> read, Duration duration) {
    Exclusion exclusion = slot.lock();
    try {
      StoredEntry<V> current = slot.read();
      if (current != null && current.isSameWrite(read)) {
        touch(slot, current, ExpiryRules.expiry(duration, store.nowMillis()));
      }
    } finally {
      exclusion.release();
    }
  }

  private void touch(Slot<K, V> slot, StoredEntry<V> current, long expiresAtMillis) {
    if (expiresAtMillis == ExpiryRules.AT_ONCE) {
      expireNow(slot, current);
    } else if (isWorthATouch(current.expiresAtMillis(), expiresAtMillis)) {
      slot.touch(current, expiresAtMillis);
      watch.written(slot, current, expiresAtMillis);
    }
  }

  /**
   * Every touch writes the whole entry, so one that would prolong its life by no more than a hundredth, or a
   * second, is left out: a session read a thousand times a second is written once.
   */
  private boolean isWorthATouch(long currentMillis, long wantedMillis) {
    if (currentMillis == EntryStore.NEVER || wantedMillis == EntryStore.NEVER) {
      return currentMillis != wantedMillis;
    }
    long tolerance =
        Math.min(TOUCH_TOLERANCE_MILLIS_MAX, (wantedMillis - store.nowMillis()) / TOUCH_PARTS);
    return Math.abs(wantedMillis - currentMillis) > tolerance;
  }

  private void count(Origin origin) {
    if (origin == Origin.PUT) {
      statistics.puts(1);
    }
  }
}
