package io.larder.engine.internal.database;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.Entry;
import io.larder.engine.api.EntryReader;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.KeyspaceObserver;
import io.larder.engine.api.KeyspaceStatistics;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NoSuchKeyspaceException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A keyspace seen through one handle. Thread-safe; equal to every other view of the same keyspace. */
final class StoredKeyspace implements Keyspace {
  private final DatabaseHandle handle;
  private final EmbeddedDatabase database;
  private final KeyspaceState state;

  StoredKeyspace(DatabaseHandle handle, EmbeddedDatabase database, KeyspaceState state) {
    this.handle = handle;
    this.database = database;
    this.state = state;
  }

  /** Returns a keyspace as ours, or refuses one of another database. */
  static StoredKeyspace of(EmbeddedDatabase database, Keyspace keyspace) {
    if (keyspace instanceof StoredKeyspace stored && stored.database == database) {
      return stored;
    }
    throw new LarderException(
        "The keyspace '"
            + keyspace.name()
            + "' belongs to another database than "
            + database.location());
  }

  KeyspaceState state() {
    return state;
  }

  /** Returns the number its entries carry now. */
  int requireDataId() {
    int dataId = state.dataId();
    if (dataId == KeyspaceState.DROPPED) {
      throw new NoSuchKeyspaceException("The keyspace '" + state.name() + "' was dropped");
    }
    return dataId;
  }

  private int requireOpen() {
    handle.requireOpen();
    return requireDataId();
  }

  @Override
  public String name() {
    return state.name();
  }

  @Override
  public int id() {
    return requireDataId();
  }

  @Override
  public Database database() {
    return handle;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return database.points().get(requireOpen(), key, PointReader.NEWEST);
  }

  @Override
  public @Nullable Entry entry(byte[] key) {
    return database.points().entry(requireOpen(), key, PointReader.NEWEST);
  }

  @Override
  public <R> @Nullable R read(byte[] key, EntryReader<R> reader) {
    return database.points().read(requireOpen(), key, PointReader.NEWEST, reader);
  }

  @Override
  public long expiry(byte[] key) {
    return database.points().expiry(requireOpen(), key, PointReader.NEWEST);
  }

  @Override
  public boolean exists(byte[] key) {
    return database.points().exists(requireOpen(), key, PointReader.NEWEST);
  }

  @Override
  public List<@Nullable Entry> entries(List<byte[]> keys) {
    handle.requireOpen();
    return database.points().entries(this::requireDataId, keys, PointReader.NEWEST);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    put(key, value, 0);
  }

  @Override
  public void put(byte[] key, byte[] value, long expiresAtMillis) {
    handle.requireOpen();
    database.write(this, key, Objects.requireNonNull(value, "value"), expiresAtMillis);
  }

  @Override
  public void delete(byte[] key) {
    handle.requireOpen();
    database.write(this, key, null, 0);
  }

  @Override
  public Cursor cursor(KeyRange range) {
    return handle.latest().cursor(this, range);
  }

  @Override
  public Cursor cursorDescending(KeyRange range) {
    return handle.latest().cursorDescending(this, range);
  }

  @Override
  public KeyLock lock(byte[] key) {
    requireOpen();
    return database.keyLocks().lock(state.handleId(), key);
  }

  @Override
  public @Nullable KeyLock tryLock(byte[] key) {
    requireOpen();
    return database.keyLocks().tryLock(state.handleId(), key);
  }

  @Override
  public boolean holdsAnyLock() {
    return database.keyLocks().isHeldByCurrentThread();
  }

  @Override
  public Observation observe(KeyspaceObserver observer) {
    requireOpen();
    state.add(Objects.requireNonNull(observer, "observer"));
    return () -> state.remove(observer);
  }

  @Override
  public KeyLock lockAll(List<byte[]> keys) {
    requireOpen();
    int[] stripes = new int[keys.size()];
    for (int index = 0; index < stripes.length; index++) {
      stripes[index] = database.keyLocks().stripeOf(state.handleId(), keys.get(index));
    }
    return database.keyLocks().lockAll(stripes);
  }

  @Override
  public KeyspaceStatistics statistics() {
    return database.engine().statistics(requireOpen());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoredKeyspace keyspace && keyspace.state == state;
  }

  @Override
  public int hashCode() {
    return state.hashCode();
  }

  @Override
  public String toString() {
    return "Keyspace '" + state.name() + "' of " + database.location();
  }
}
