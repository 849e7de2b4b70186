package io.larder.engine.internal.database;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Entry;
import io.larder.engine.api.EntryReader;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.engine.internal.merge.VisibilityCursor;
import io.larder.engine.internal.mvcc.StorageEngine.PinnedView;
import java.util.List;
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

  final EmbeddedDatabase database() {
    return database;
  }

  private int resolve(Keyspace keyspace) {
    requireOpen();
    return dataId(StoredKeyspace.of(database, keyspace));
  }

  @Override
  public final byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    return database.points().get(resolve(keyspace), key, maxSequence());
  }

  @Override
  public final @Nullable Entry entry(Keyspace keyspace, byte[] key) {
    return database.points().entry(resolve(keyspace), key, maxSequence());
  }

  @Override
  public final <R> @Nullable R read(Keyspace keyspace, byte[] key, EntryReader<R> reader) {
    return database.points().read(resolve(keyspace), key, maxSequence(), reader);
  }

  @Override
  public final boolean exists(Keyspace keyspace, byte[] key) {
    return database.points().exists(resolve(keyspace), key, maxSequence());
  }

  @Override
  public final List<@Nullable Entry> entries(Keyspace keyspace, List<byte[]> keys) {
    return database.points().entries(resolve(keyspace), keys, maxSequence());
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
    // the view before the keyspace's number and the sequence number, see ReadView
    PinnedView pinned = database.engine().pin();
    try {
      int dataId = dataId(StoredKeyspace.of(database, keyspace));
      long sequence = maxSequence();
      if (sequence == PointReader.NEWEST) {
        sequence = database.engine().commits().sequences().visible();
      }
      VisibilityCursor entries =
          new VisibilityCursor(
              pinned.view().cursor(descending),
              dataId,
              range,
              sequence,
              database.clock()::expiredUntilMillis);
      return new StoredCursor(this, pinned, entries);
    } catch (Throwable e) {
      pinned.close();
      throw e;
    }
  }
}
