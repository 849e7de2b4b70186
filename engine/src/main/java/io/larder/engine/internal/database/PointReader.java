package io.larder.engine.internal.database;

import io.larder.engine.api.Entry;
import io.larder.engine.api.EntryReader;
import io.larder.engine.api.Keyspace;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.mvcc.ReadView;
import io.larder.engine.internal.mvcc.SequenceNumbers;
import io.larder.engine.internal.mvcc.StorageEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Looks single keys up, at the newest state or at a snapshot's. Thread-safe. */
final class PointReader {
  /** The sequence number that stands for the newest visible state. */
  static final long NEWEST = -1;

  /** How many keys are read side by side: about as many misses of the cache as a processor has under way. */
  private static final int KEYS_AT_ONCE = 16;

  private static final int KEYS_AT_ONCE_LEAST = 4;

  private final StorageEngine engine;
  private final SequenceNumbers sequences;
  private final ExpiryClock clock;

  /** Written so that what warms the cache is not optimised away; has no meaning. */
  @SuppressWarnings("UnusedVariable") // see above
  private int warmed;

  PointReader(StorageEngine engine) {
    this.engine = engine;
    this.sequences = engine.commits().sequences();
    this.clock = engine.expiryClock();
  }

  byte @Nullable [] get(int keyspaceId, byte[] key, long sequence) {
    Lookup lookup = new Lookup();
    int ticket = engine.enter();
    try {
      return find(keyspaceId, key, sequence, lookup) ? lookup.copyValue() : null;
    } catch (InternalError e) { // a fault in a mapped file may be told this late
      throw lookup.unreadable(e);
    } finally {
      engine.exit(ticket);
    }
  }

  @Nullable Entry entry(int keyspaceId, byte[] key, long sequence) {
    Lookup lookup = new Lookup();
    int ticket = engine.enter();
    try {
      return find(keyspaceId, key, sequence, lookup) ? toEntry(lookup) : null;
    } catch (InternalError e) { // a fault in a mapped file may be told this late
      throw lookup.unreadable(e);
    } finally {
      engine.exit(ticket);
    }
  }

  /** Lets a reader see the entry where it lies; the engine stays entered meanwhile, so nothing goes away. */
  <R> @Nullable R read(int keyspaceId, byte[] key, long sequence, EntryReader<R> reader) {
    Lookup lookup = new Lookup();
    int ticket = engine.enter();
    try {
      return find(keyspaceId, key, sequence, lookup)
          ? reader.read(lookup.viewValue(), lookup.expiresAtMillis(), lookup.sequence())
          : null;
    } catch (InternalError e) { // a fault in a mapped file may be told this late
      throw lookup.unreadable(e);
    } finally {
      engine.exit(ticket);
    }
  }

  boolean exists(int keyspaceId, byte[] key, long sequence) {
    Lookup lookup = new Lookup();
    int ticket = engine.enter();
    try {
      return find(keyspaceId, key, sequence, lookup);
    } catch (InternalError e) { // a fault in a mapped file may be told this late
      throw lookup.unreadable(e);
    } finally {
      engine.exit(ticket);
    }
  }

  /** Returns when an entry expires, or {@link Keyspace#ABSENT}. */
  long expiry(int keyspaceId, byte[] key, long sequence) {
    Lookup lookup = new Lookup();
    int ticket = engine.enter();
    try {
      return find(keyspaceId, key, sequence, lookup) ? lookup.expiresAtMillis() : Keyspace.ABSENT;
    } catch (InternalError e) { // a fault in a mapped file may be told this late
      throw lookup.unreadable(e);
    } finally {
      engine.exit(ticket);
    }
  }

  /**
   * Reads several keys at one point in time.
   *
   * @param currentKeyspaceId the number entries carry; asked for after the view is taken, so that a keyspace that is
   *     cleared meanwhile is seen whole or empty
   */
  List<@Nullable Entry> entries(IntSupplier currentKeyspaceId, List<byte[]> keys, long sequence) {
    List<@Nullable Entry> entries = new ArrayList<>(keys.size());
    Lookup lookup = new Lookup();
    int ticket = engine.enter();
    try {
      ReadView view = engine.view();
      int keyspaceId = currentKeyspaceId.getAsInt();
      long maxSequence = sequence;
      if (sequence == NEWEST) {
        maxSequence = sequences.visible();
        while (!engine.isNewest(view)) { // or it may hold half of a visible batch, see ReadView
          view = engine.view();
          keyspaceId = currentKeyspaceId.getAsInt();
          maxSequence = sequences.visible();
        }
      }
      for (int index = 0; index < keys.size(); index++) {
        if (index % KEYS_AT_ONCE == 0 && keys.size() - index >= KEYS_AT_ONCE_LEAST) {
          int end = Math.min(keys.size(), index + KEYS_AT_ONCE);
          warmed = view.warm(keyspaceId, keys, index, end);
        }
        byte[] key = keys.get(index);
        boolean found = view.find(keyspaceId, key, maxSequence, lookup) && isLive(lookup);
        entries.add(found ? toEntry(lookup) : null);
      }
    } catch (InternalError e) { // a fault in a mapped file may be told this late
      throw lookup.unreadable(e);
    } finally {
      engine.exit(ticket);
    }
    return entries;
  }

  private boolean find(int keyspaceId, byte[] key, long sequence, Lookup lookup) {
    ReadView view = engine.view();
    long maxSequence = sequence == NEWEST ? sequences.visible() : sequence;
    return view.find(keyspaceId, key, maxSequence, lookup) && isLive(lookup);
  }

  private boolean isLive(Lookup lookup) {
    return !lookup.isDelete() && !clock.isExpired(lookup.expiresAtMillis());
  }

  private static Entry toEntry(Lookup lookup) {
    return new Entry(lookup.copyValue(), lookup.expiresAtMillis(), lookup.sequence());
  }
}
