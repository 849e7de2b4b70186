package io.larder.jcache.internal.storage;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.KeyspaceObserver;
import io.larder.engine.api.NoSuchKeyspaceException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.api.WritesStoppedException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bound of one keyspace, shared by all caches of this JVM that are open on it with a bound. Thread-safe; ends with
 * the last of them. It observes the keyspace, so entries written by SQL or by caches without a bound count as well,
 * and are evicted alike.
 *
 * <p>When the first cache opens, the keys already there are read once. What is evicted is deleted without a sync: a
 * crash may bring it back, and opening the cache evicts it again.
 */
final class KeyspaceBound implements KeyspaceObserver {
  private static final Logger LOGGER = System.getLogger(KeyspaceBound.class.getName());

  /** Guards the map and who takes part; nothing of the database is called under it but registering. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  private static final Map<Keyspace, KeyspaceBound> OPEN = new HashMap<>();

  private final KeyNames names;
  private final List<Participant> participants = new CopyOnWriteArrayList<>();
  private final Keyspace.Observation observation;
  private volatile Bound bound;

  private KeyspaceBound(Participant first, Limit limit, KeyNames names) {
    this.names = names;
    this.participants.add(first);
    this.bound = newBound(limit);
    this.observation = first.keyspace.observe(this);
  }

  /**
   * A cache that is open with a bound.
   *
   * @param keyspace its keyspace, by its own handle of the database
   * @param evictions hears the key of every entry evicted
   */
  record Participant(Keyspace keyspace, Consumer<byte[]> evictions) {}

  /** By what the policy knows keys, and back. */
  interface KeyNames {
    Object name(byte[] key);

    byte[] key(Object name);
  }

  /** Takes part in the bound of a keyspace; the limit is that of who came last. */
  static KeyspaceBound join(Participant participant, Limit limit, KeyNames names) {
    KeyspaceBound shared;
    boolean isFirst;
    LOCK.lock();
    try {
      KeyspaceBound present = OPEN.get(participant.keyspace);
      isFirst = present == null;
      if (present == null) {
        shared = new KeyspaceBound(participant, limit, names);
        OPEN.put(participant.keyspace, shared);
      } else {
        shared = present;
        shared.participants.add(participant);
      }
    } finally {
      LOCK.unlock();
    }
    try {
      shared.limit(participant.keyspace, limit, isFirst);
      return shared;
    } catch (RuntimeException | Error e) {
      shared.leave(participant);
      throw e;
    }
  }

  private void limit(Keyspace keyspace, Limit limit, boolean isFirst) {
    if (!isFirst && bound.isBytes() == limit.isBytes()) {
      bound.resize(limit.most());
    } else {
      Bound filled = isFirst ? bound : newBound(limit);
      bound = filled; // before the keys are read, so that no write is missed
      fill(filled, keyspace);
    }
    try {
      bound.evictAll();
    } catch (WritesStoppedException | DiskFullException e) {
      // Nothing can be added either, and what there is can be read.
      LOGGER.log(
          Level.WARNING,
          "The keyspace '"
              + keyspace.name()
              + "' holds more than its bound until it can be written",
          e);
    }
  }

  private void fill(Bound filled, Keyspace keyspace) {
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        long bytes = filled.isBytes() ? key.length + (long) cursor.valueView().length() : 0;
        filled.found(names.name(key), cursor.expiresAtMillis(), bytes);
      }
    }
  }

  private Bound newBound(Limit limit) {
    return new Bound(limit, this::nowMillis, this::evict);
  }

  private long nowMillis() {
    for (Participant participant : participants) {
      try {
        return participant.keyspace.database().expiryTimeMillis();
      } catch (ClosedException e) {
        LOGGER.log(Level.DEBUG, "A cache is just closing; another one may be open", e);
      }
    }
    return 0; // nobody is left to ask what has expired
  }

  /** Takes part no longer. */
  void leave(Participant participant) {
    LOCK.lock();
    try {
      participants.remove(participant);
      if (participants.isEmpty() && OPEN.remove(participant.keyspace, this)) {
        observation.close();
      }
    } finally {
      LOCK.unlock();
    }
  }

  /** Hears that an entry was read. */
  void used(Object name) {
    bound.used(name);
  }

  @Override
  public void written(byte[] key, byte[] value, long expiresAtMillis) {
    bound.written(names.name(key), expiresAtMillis, key.length + (long) value.length);
  }

  @Override
  public void deleted(byte[] key) {
    bound.deleted(names.name(key));
  }

  @Override
  public void cleared() {
    bound.cleared();
    for (Participant participant : participants) {
      try {
        fill(bound, participant.keyspace); // what was written since it was cleared
        return;
      } catch (ClosedException e) {
        LOGGER.log(Level.DEBUG, "A cache is just closing; another one may be open", e);
      }
    }
  }

  /** Deletes an entry, unless it was written again or its key is held. */
  private boolean evict(Object name) {
    byte[] key = names.key(name);
    for (Participant participant : participants) {
      try {
        return evict(participant.keyspace, name, key);
      } catch (ClosedException e) {
        LOGGER.log(Level.DEBUG, "A cache is just closing; another one may be open", e);
      } catch (NoSuchKeyspaceException e) {
        return true;
      }
    }
    return true;
  }

  private boolean evict(Keyspace keyspace, Object name, byte[] key) {
    Keyspace.KeyLock lock = keyspace.tryLock(key);
    if (lock == null) {
      return false;
    }
    try {
      if (!bound.isTracked(name) && keyspace.exists(key)) {
        keyspace.database().write(new WriteBatch().delete(keyspace, key), SyncMode.NONE);
        participants.forEach(participant -> participant.evictions.accept(key));
      }
      return true;
    } finally {
      lock.close();
    }
  }

  /** A key of a class that does not stand for its encoding. */
  static final class EncodedKey {
    private final byte[] bytes;
    private final int hash;

    EncodedKey(byte[] bytes) {
      this.bytes = bytes;
      this.hash = Arrays.hashCode(bytes);
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof EncodedKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
