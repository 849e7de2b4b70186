package io.larder.engine.internal.database;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Snapshot;
import io.larder.engine.internal.mvcc.SnapshotRegistry.Registration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A registered snapshot; merging keeps what it can see until it is closed. Thread-safe. */
final class StoredSnapshot extends StoredReader implements Snapshot {
  private final String what;
  private final Registration<Keyspaces> registration;
  private final AtomicBoolean closed = new AtomicBoolean();

  StoredSnapshot(DatabaseHandle handle, EmbeddedDatabase database) {
    this(handle, database, "snapshot");
  }

  /** Takes a snapshot that goes by another name in messages. */
  StoredSnapshot(DatabaseHandle handle, EmbeddedDatabase database, String what) {
    super(handle, database);
    this.what = what;
    this.registration = database.snapshots().acquire();
  }

  @Override
  int dataId(StoredKeyspace keyspace) {
    Integer dataId = registration.keyspaces().dataId(keyspace.state());
    // a keyspace created later holds nothing this snapshot could see
    return dataId == null ? keyspace.requireDataId() : dataId;
  }

  /** Returns whether a keyspace has not been cleared or dropped since. */
  boolean isCurrent(StoredKeyspace keyspace) {
    return dataId(keyspace) == keyspace.requireDataId();
  }

  @Override
  long maxSequence() {
    return registration.sequence();
  }

  @Override
  void requireOpen() {
    super.requireOpen();
    if (closed.get()) {
      throw new ClosedException("The " + what + " is closed");
    }
    requireKept();
  }

  @Override
  void requireYoung() {
    database().snapshots().requireYoung(registration, what);
  }

  @Override
  void requireKept() {
    database().snapshots().requireKept(registration, what);
  }

  @Override
  public long sequence() {
    return registration.sequence();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      database().snapshots().release(registration);
    }
  }
}
