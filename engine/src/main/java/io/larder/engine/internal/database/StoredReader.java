package io.larder.engine.internal.database;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Entry;
import io.larder.engine.api.EntryReader;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.engine.internal.merge.VisibilityCursor;
import io.larder.engine.internal.mvcc.ReadView;
import io.larder.engine.internal.mvcc.StorageEngine;
import io.larder.engine.internal.mvcc.StorageEngine.PinnedView;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What reading the newest state and reading a snapshot have in common. Thread-safe. */
abstract class StoredReader implements Reader {
  private final DatabaseHandle handle;
  private final EmbeddedDatabase database;

  StoredReader(DatabaseHandle handle, EmbeddedDatabase database) {
    this.handle = handle;
    this.database = database;
  }

  /** Returns the number entries of the keyspace carry in what this reader sees. */
  abstract int dataId(StoredKeyspace keyspace);

  /** Returns the last change this reader sees, or {@link PointReader#NEWEST}. */
  abstract long maxSequence();

  /** Throws if this reader cannot be used any more. */
  void requireOpen() {
    handle.requireOpen();
  }

  /** Throws if this reader is older than it may become; asked before reading. */
  void requireYoung() {}

  /** Throws if what this reader sees may have been merged away; asked after reading. */
  void requireKept() {}

  final EmbeddedDatabase database() {
    return database;
  }

  private int resolve(Keyspace keyspace) {
    requireOpen();
    requireYoung();
    return dataId(StoredKeyspace.of(database, keyspace));
  }

  @Override
  public final byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    byte @Nullable [] found = database.points().get(resolve(keyspace), key, maxSequence());
    requireKept();
    return found;
  }

  @Override
  public final @Nullable Entry entry(Keyspace keyspace, byte[] key) {
    @Nullable Entry found = database.points().entry(resolve(keyspace), key, maxSequence());
    requireKept();
    return found;
  }

  @Override
  public final <R> @Nullable R read(Keyspace keyspace, byte[] key, EntryReader<R> reader) {
    R found = database.points().read(resolve(keyspace), key, maxSequence(), reader);
    requireKept();
    return found;
  }

  @Override
  public final boolean exists(Keyspace keyspace, byte[] key) {
    boolean found = database.points().exists(resolve(keyspace), key, maxSequence());
    requireKept();
    return found;
  }

  @Override
  public final List<@Nullable Entry> entries(Keyspace keyspace, List<byte[]> keys) {
    requireOpen();
    requireYoung();
    StoredKeyspace stored = StoredKeyspace.of(database, keyspace);
    List<@Nullable Entry> found =
        database.points().entries(() -> dataId(stored), keys, maxSequence());
    requireKept();
    return found;
  }

  @Override
  public final Cursor cursor(Keyspace keyspace, KeyRange range) {
    return open(keyspace, range, false);
  }

  @Override
  public final Cursor cursorDescending(Keyspace keyspace, KeyRange range) {
    return open(keyspace, range, true);
  }

  private StoredCursor open(Keyspace keyspace, KeyRange range, boolean descending) {
    requireOpen();
    requireYoung();
    Objects.requireNonNull(range, "range");
    while (true) {
      @Nullable StoredCursor opened = openIfWhole(keyspace, range, descending);
      if (opened != null) {
        return opened;
      }
    }
  }

  /** Opens a cursor, or returns null if the view it took may hold half of a batch, see {@link ReadView}. */
  private @Nullable StoredCursor openIfWhole(
      Keyspace keyspace, KeyRange range, boolean descending) {
    StorageEngine engine = database.engine();
    // the view before the keyspace's number and the sequence number
    PinnedView pinned = engine.pin();
    try {
      int dataId = dataId(StoredKeyspace.of(database, keyspace));
      long sequence = maxSequence();
      if (sequence == PointReader.NEWEST) {
        sequence = engine.commits().sequences().visible();
        if (!engine.isNewest(pinned.view())) {
          pinned.close();
          return null;
        }
      }
      VisibilityCursor entries =
          new VisibilityCursor(
              pinned.view().cursor(descending),
              dataId,
              range,
              sequence,
              database.clock()::expiredUntilMillis);
      requireKept();
      return new StoredCursor(this, pinned, entries);
    } catch (Throwable e) {
      pinned.close();
      throw e;
    }
  }
}
