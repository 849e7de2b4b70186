package io.larder.jcache.internal.events;

import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Scan;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import io.larder.jcache.internal.storage.StoredValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.CacheException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Notices when entries expire, so that listeners hear of it without anybody touching the entry. Thread-safe;
 * owned by the cache.
 *
 * <p>The store drops expired entries on its own and tells nobody. So, while somebody listens to expiry, every
 * entry written with an expiry is noted here with its value until it expires, is changed or is removed; a
 * thread of the cache waits for the earliest. Entries other doors write are met when the entries are walked, not
 * earlier.
 *
 * <p>The number of notes is bounded: of too many, those that expire last are dropped, and from the earliest of them on
 * nothing is noted (the horizon). When half of the notes are used up, the entries are walked again. So only where more
 * than half as many entries as there may be notes expire while the entries are walked can events be missed.
 *
 * <p>Invariant: a note is changed only by who holds the key, and at most one event is published for it.
 */
public final class ExpiryWatch<K, V> {
  private static final Logger LOGGER = System.getLogger(ExpiryWatch.class.getName());

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EntryStore<K, V> store;
  private final EventDispatcher<K, V> events;
  private final String threadName;
  private final Map<K, Note<K, V>> notes = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<Note<K, V>> queue = new ConcurrentSkipListSet<>();
  private final AtomicLong serials = new AtomicLong();
  private final int notesMax;

  /** From when on entries are not noted, as there are too many. */
  private final AtomicLong horizonMillis = new AtomicLong(Long.MAX_VALUE);

  private final ReentrantLock lock = new ReentrantLock(); // guards thread and closed
  private volatile boolean watching;
  private volatile @Nullable Thread thread;
  private boolean closed;

  /** Creates a watch that does nothing until somebody listens to expiry. */
  public ExpiryWatch(
      EntryStore<K, V> store, EventDispatcher<K, V> events, String cacheName, int notesMax) {
    this.store = store;
    this.notesMax = notesMax;
    this.events = events;
    this.threadName = "larder-expiry-" + cacheName;
  }

  /** Begins or ends the watch, as the listeners now registered demand. */
  public void listenersChanged() {
    boolean wanted = events.isWanted(EventType.EXPIRED);
    if (wanted && !watching) {
      start();
    } else if (!wanted && watching) {
      stop(false);
    }
  }

  private void start() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      watching = true;
      Thread started = new Thread(this::run, threadName);
      started.setDaemon(true);
      thread = started;
      started.start();
    } finally {
      lock.unlock();
    }
    noteAll();
  }

  private void noteAll() {
    Scan<K, V> scan = store.scan();
    for (Scan.Found<K, V> found = scan.next(); found != null; found = scan.next()) {
      Exclusion exclusion = found.slot().lock();
      try {
        StoredEntry<V> entry = found.slot().read();
        if (entry != null) {
          written(found.slot(), entry, entry.expiresAtMillis());
        }
      } finally {
        exclusion.release();
      }
    }
  }

  private void stop(boolean forGood) {
    lock.lock();
    try {
      closed |= forGood;
      watching = false;
      LockSupport.unpark(thread);
      thread = null;
      forgetAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the watch for good. */
  public void close() {
    stop(true);
  }

  /** Notes an entry just written. The caller holds the key. */
  public void written(Slot<K, V> slot, StoredValue<V> value, long expiresAtMillis) {
    if (!watching) {
      return;
    }
    forget(slot.key());
    if (expiresAtMillis != EntryStore.NEVER) {
      Note<K, V> note = new Note<>(slot.key(), value, expiresAtMillis, serials.incrementAndGet());
      if (expiresAtMillis >= horizonMillis.get()) {
        return;
      }
      notes.put(note.key, note);
      queue.add(note);
      if (notes.size() > notesMax) {
        dropLast();
      }
      if (queue.lower(note)
          == null) { // the thread may have taken it already: never ask for a first
        LockSupport.unpark(thread);
      }
    }
  }

  private void dropLast() {
    Note<K, V> last = queue.pollLast();
    if (last != null) {
      horizonMillis.accumulateAndGet(last.expiresAtMillis, Math::min);
      notes.remove(last.key, last);
    }
  }

  /** Forgets an entry that was removed. The caller holds the key. */
  public void forget(K key) {
    if (watching) {
      Note<K, V> note = notes.remove(key);
      if (note != null) {
        queue.remove(note);
      }
    }
  }

  /** Forgets every entry. */
  public void forgetAll() {
    horizonMillis.set(Long.MAX_VALUE);
    notes.clear();
    queue.clear();
  }

  /** Publishes the expiry of an entry found absent, if it is not published yet. The caller holds the key. */
  public void settle(Slot<K, V> slot) {
    if (watching) {
      Note<K, V> note = notes.remove(slot.key());
      if (note != null) {
        queue.remove(note);
        events.publishQuietly(EventType.EXPIRED, note.key, null, note.value);
      }
    }
  }

  private void run() {
    try {
      while (Thread.currentThread() == thread) {
        awaitAndExpire();
      }
    } catch (RuntimeException e) {
      lock.lock();
      try {
        if (Thread.currentThread()
            == thread) { // not told to end: the next change of listeners starts anew
          LOGGER.log(Level.WARNING, threadName + " ends: expiry is not told to listeners", e);
          watching = false;
          thread = null;
          forgetAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void awaitAndExpire() {
    long horizon = horizonMillis.get();
    if (horizon != Long.MAX_VALUE && notes.size() <= notesMax / 2) {
      tryNoteAll(horizon);
      return; // to ask whether to end: waiting for keys may have used up the wake-up that says so
    }
    Note<K, V> earliest = queue.pollFirst();
    if (earliest == null) {
      LockSupport.park(this);
      return;
    }
    long remainingMillis = earliest.expiresAtMillis - store.nowMillis();
    if (remainingMillis > 0) {
      queue.add(earliest);
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(remainingMillis));
    } else {
      tryExpire(earliest);
    }
  }

  /** Notes what the horizon had cut off, or tries again later where a key is held for very long. */
  private void tryNoteAll(long horizon) {
    horizonMillis.set(Long.MAX_VALUE);
    try {
      noteAll();
    } catch (CacheException e) {
      horizonMillis.accumulateAndGet(horizon, Math::min);
      LOGGER.log(Level.WARNING, threadName + " looks again: it had to wait for too long", e);
      LockSupport.parkNanos(this, RETRY_NANOS);
    }
  }

  /** Expires an entry, or tries again later where its key is held for very long. */
  private void tryExpire(Note<K, V> note) {
    try {
      events.awaitRoom();
      expire(note);
    } catch (CacheException e) {
      LOGGER.log(Level.WARNING, threadName + " tries again: it had to wait for too long", e);
      queue.add(note);
      LockSupport.parkNanos(this, RETRY_NANOS);
    }
  }

  private void expire(Note<K, V> note) {
    Slot<K, V> slot = store.slot(note.key);
    Exclusion exclusion = slot.lock();
    try {
      Note<K, V> noted = notes.get(note.key);
      if (noted == null || noted.serial != note.serial) {
        return;
      }
      StoredEntry<V> entry = slot.read();
      if (entry == null) {
        notes.remove(note.key);
        events.publishQuietly(EventType.EXPIRED, note.key, null, note.value);
      } else if (entry.expiresAtMillis() != note.expiresAtMillis) { // another door changed it
        written(slot, entry, entry.expiresAtMillis());
      }
    } finally {
      exclusion.release();
    }
  }

  /** An entry that will expire. */
  private record Note<K, V>(K key, StoredValue<V> value, long expiresAtMillis, long serial)
      implements Comparable<Note<K, V>> {
    @Override
    public int compareTo(Note<K, V> other) {
      int order = Long.compare(expiresAtMillis, other.expiresAtMillis);
      return order != 0 ? order : Long.compare(serial, other.serial);
    }
  }
}
