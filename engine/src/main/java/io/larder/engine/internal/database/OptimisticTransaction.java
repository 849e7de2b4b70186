package io.larder.engine.internal.database;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Entry;
import io.larder.engine.api.EntryReader;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.mvcc.KeyLocks;
import io.larder.engine.internal.mvcc.StorageEngine;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that keeps its changes to itself and checks at the end that nobody else changed the same keys.
 * Used by one thread at a time.
 *
 * <p>The check runs under the commit lock: for each key written, no version newer than the snapshot may exist.
 * Before it, the transaction takes the exclusion of its keys, so that it cannot slip between the read and the
 * write of somebody who holds one.
 */
final class OptimisticTransaction implements Transaction {
  private final EmbeddedDatabase database;
  private final StoredSnapshot snapshot;
  private final OwnChanges own = new OwnChanges();
  private boolean over;

  OptimisticTransaction(DatabaseHandle handle, EmbeddedDatabase database) {
    this.database = database;
    this.snapshot = new StoredSnapshot(handle, database);
  }

  void requireOpen() {
    if (over) {
      throw new ClosedException("The transaction is over; begin a new one");
    }
    snapshot.requireOpen();
  }

  private StoredKeyspace require(Keyspace keyspace) {
    requireOpen();
    return StoredKeyspace.of(database, keyspace);
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    WriteBatch.Change change = own.find(require(keyspace), key);
    if (change == null) {
      return snapshot.get(keyspace, key);
    }
    return isLive(change) ? Objects.requireNonNull(change.value()).clone() : null;
  }

  @Override
  public @Nullable Entry entry(Keyspace keyspace, byte[] key) {
    WriteBatch.Change change = own.find(require(keyspace), key);
    if (change == null) {
      return snapshot.entry(keyspace, key);
    }
    return isLive(change) ? toEntry(change) : null;
  }

  @Override
  public <R> @Nullable R read(Keyspace keyspace, byte[] key, EntryReader<R> reader) {
    WriteBatch.Change change = own.find(require(keyspace), key);
    if (change == null) {
      return snapshot.read(keyspace, key, reader);
    }
    return isLive(change)
        ? reader.read(
            ByteBuffer.wrap(Objects.requireNonNull(change.value())).asReadOnlyBuffer(),
            change.expiresAtMillis(),
            OwnChanges.NOT_COMMITTED)
        : null;
  }

  @Override
  public boolean exists(Keyspace keyspace, byte[] key) {
    WriteBatch.Change change = own.find(require(keyspace), key);
    return change == null ? snapshot.exists(keyspace, key) : isLive(change);
  }

  @Override
  public List<@Nullable Entry> entries(Keyspace keyspace, List<byte[]> keys) {
    StoredKeyspace stored = require(keyspace);
    List<@Nullable Entry> entries = snapshot.entries(keyspace, keys);
    for (int index = 0; index < keys.size(); index++) {
      WriteBatch.Change change = own.find(stored, keys.get(index));
      if (change != null) {
        entries.set(index, isLive(change) ? toEntry(change) : null);
      }
    }
    return entries;
  }

  @Override
  public Cursor cursor(Keyspace keyspace, KeyRange range) {
    StoredKeyspace stored = require(keyspace);
    return new TransactionCursor(
        this, snapshot.cursor(keyspace, range), own.of(stored), range, false);
  }

  @Override
  public Cursor cursorDescending(Keyspace keyspace, KeyRange range) {
    StoredKeyspace stored = require(keyspace);
    return new TransactionCursor(
        this, snapshot.cursorDescending(keyspace, range), own.of(stored), range, true);
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    put(keyspace, key, value, 0);
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value, long expiresAtMillis) {
    change(keyspace, key, Objects.requireNonNull(value, "value"), expiresAtMillis);
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    change(keyspace, key, null, 0);
  }

  private void change(
      Keyspace keyspace, byte[] key, byte @Nullable [] value, long expiresAtMillis) {
    StoredKeyspace stored = require(keyspace);
    stored.requireDataId();
    database.requireWithinLimits(key, value, expiresAtMillis);
    database.requireWithinBatchLimit(own.bytes() + key.length + (value == null ? 0 : value.length));
    own.set(
        new WriteBatch.Change(
            stored, key.clone(), value == null ? null : value.clone(), expiresAtMillis));
  }

  @Override
  public int savepoint() {
    requireOpen();
    return own.mark();
  }

  @Override
  public void rollbackTo(int savepoint) {
    requireOpen();
    if (savepoint < 0 || savepoint > own.mark()) {
      throw new LarderException(
          "The savepoint "
              + savepoint
              + " is not one of this transaction's, or was undone; expected 0 to "
              + own.mark());
    }
    own.undoTo(savepoint);
  }

  @Override
  public void commit() {
    commit(database.options().syncMode());
  }

  @Override
  public void commit(SyncMode sync) {
    Objects.requireNonNull(sync, "sync");
    requireOpen();
    over = true;
    try {
      List<WriteBatch.Change> changes = own.all();
      if (!changes.isEmpty()) {
        commit(changes, sync);
      }
    } finally {
      snapshot.close();
    }
  }

  private void commit(List<WriteBatch.Change> changes, SyncMode sync) {
    KeyLocks locks = database.keyLocks();
    int[] stripes = new int[changes.size()];
    for (int index = 0; index < stripes.length; index++) {
      WriteBatch.Change change = changes.get(index);
      stripes[index] = locks.stripeOf(stored(change).state().handleId(), change.key());
    }
    try (Keyspace.KeyLock held = locks.lockAll(stripes)) {
      Objects.requireNonNull(held);
      database.write(changes, sync, () -> requireNoConflict(changes));
    }
  }

  private static StoredKeyspace stored(WriteBatch.Change change) {
    return (StoredKeyspace) change.keyspace();
  }

  /** Requires: the commit lock. */
  private void requireNoConflict(List<WriteBatch.Change> changes) {
    StorageEngine engine = database.engine();
    long bound = snapshot.sequence();
    int ticket = engine.enter();
    try {
      for (WriteBatch.Change change : changes) {
        StoredKeyspace keyspace = stored(change);
        if (!snapshot.isCurrent(keyspace)) {
          throw new ConflictException(
              "The keyspace '" + keyspace.name() + "' was cleared since the transaction began");
        }
        long newest = engine.view().newestSequence(keyspace.requireDataId(), change.key(), bound);
        if (newest > bound) {
          throw conflict(keyspace, change, newest);
        }
      }
    } finally {
      engine.exit(ticket);
    }
  }

  private ConflictException conflict(
      StoredKeyspace keyspace, WriteBatch.Change change, long newest) {
    int shown = Math.min(change.key().length, 32);
    return new ConflictException(
        "The key "
            + HexFormat.of().formatHex(change.key(), 0, shown)
            + (shown < change.key().length ? "..." : "")
            + " of the keyspace '"
            + keyspace.name()
            + "' was changed by commit "
            + newest
            + " after the transaction began at "
            + snapshot.sequence()
            + "; begin again");
  }

  @Override
  public void rollback() {
    requireOpen();
    close();
  }

  @Override
  public void close() {
    over = true;
    snapshot.close();
  }

  boolean isLive(WriteBatch.Change change) {
    return change.value() != null && !database.clock().isExpired(change.expiresAtMillis());
  }

  private static Entry toEntry(WriteBatch.Change change) {
    return new Entry(
        Objects.requireNonNull(change.value()).clone(),
        change.expiresAtMillis(),
        OwnChanges.NOT_COMMITTED);
  }
}
