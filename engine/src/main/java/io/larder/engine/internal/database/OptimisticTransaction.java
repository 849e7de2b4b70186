package io.larder.engine.internal.database;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Entry;
import io.larder.engine.api.EntryReader;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.mvcc.KeyLocks;
import io.larder.engine.internal.mvcc.StorageEngine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that keeps its changes to itself and checks at the end that nobody else changed the same keys.
 * Used by one thread at a time.
 *
 * <p>The check runs under the commit lock: for each key written, no version newer than the snapshot may exist;
 * and if it is serializable, nothing in its {@link ReadSet} may have been changed since.
 * Before it, the transaction takes the exclusion of its keys, so that it cannot slip between the read and the
 * write of somebody who holds one.
 */
final class OptimisticTransaction implements Transaction {
  private final EmbeddedDatabase database;
  private final StoredSnapshot snapshot;
  private final OwnChanges own = new OwnChanges();

  /** What it read, if it is serializable. */
  private final @Nullable ReadSet reads;

  private boolean over;

  /** Begins a transaction, a serializable one if there is a set of its reads, which it takes over. */
  OptimisticTransaction(DatabaseHandle handle, EmbeddedDatabase database, @Nullable ReadSet reads) {
    this.database = database;
    this.reads = reads;
    try {
      this.snapshot = new StoredSnapshot(handle, database, "transaction");
    } catch (Throwable e) {
      if (reads != null) {
        reads.close();
      }
      throw e;
    }
    if (reads != null) {
      reads.begin(snapshot.sequence());
    }
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

  /** Returns the transaction's own change of a key, or null and remembers that the snapshot is read. */
  private WriteBatch.@Nullable Change ownOrRead(StoredKeyspace keyspace, byte[] key) {
    WriteBatch.Change change = own.find(keyspace, key);
    if (change == null && reads != null) {
      reads.addKey(keyspace, snapshot.dataId(keyspace), key);
    }
    return change;
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    WriteBatch.Change change = ownOrRead(require(keyspace), key);
    if (change == null) {
      return snapshot.get(keyspace, key);
    }
    return isLive(change) ? Objects.requireNonNull(change.value()).clone() : null;
  }

  @Override
  public @Nullable Entry entry(Keyspace keyspace, byte[] key) {
    WriteBatch.Change change = ownOrRead(require(keyspace), key);
    if (change == null) {
      return snapshot.entry(keyspace, key);
    }
    return isLive(change) ? toEntry(change) : null;
  }

  @Override
  public <R> @Nullable R read(Keyspace keyspace, byte[] key, EntryReader<R> reader) {
    WriteBatch.Change change = ownOrRead(require(keyspace), key);
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
    WriteBatch.Change change = ownOrRead(require(keyspace), key);
    return change == null ? snapshot.exists(keyspace, key) : isLive(change);
  }

  @Override
  public List<@Nullable Entry> entries(Keyspace keyspace, List<byte[]> keys) {
    StoredKeyspace stored = require(keyspace);
    List<@Nullable Entry> entries = snapshot.entries(keyspace, keys);
    for (int index = 0; index < keys.size(); index++) {
      WriteBatch.Change change = ownOrRead(stored, keys.get(index));
      if (change != null) {
        entries.set(index, isLive(change) ? toEntry(change) : null);
      }
    }
    return entries;
  }

  @Override
  public Cursor cursor(Keyspace keyspace, KeyRange range) {
    return open(require(keyspace), range, false);
  }

  @Override
  public Cursor cursorDescending(Keyspace keyspace, KeyRange range) {
    return open(require(keyspace), range, true);
  }

  private Cursor open(StoredKeyspace keyspace, KeyRange range, boolean descending) {
    Cursor stored =
        descending ? snapshot.cursorDescending(keyspace, range) : snapshot.cursor(keyspace, range);
    WalkedRange walked =
        reads == null ? null : reads.walk(keyspace, snapshot.dataId(keyspace), range, descending);
    return new TransactionCursor(this, stored, own.of(keyspace), range, descending, walked);
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
    requireWithinLimit(stored, key, value);
    own.set(
        new WriteBatch.Change(
            stored, key.clone(), value == null ? null : value.clone(), expiresAtMillis));
  }

  private void requireWithinLimit(StoredKeyspace keyspace, byte[] key, byte @Nullable [] value) {
    long limit = database.options().batchLimitBytes();
    long bytes = own.bytes() + OwnChanges.bytesOf(key.length, value);
    if (bytes > limit && bytes - own.replacedBytes(keyspace, key) > limit) {
      throw new LimitExceededException(
          "The changes of a transaction would take "
              + bytes
              + " bytes of memory, "
              + OwnChanges.OVERHEAD_BYTES
              + " for each change beside its key and value, which exceeds batch.limit of "
              + limit
              + " bytes; this change was not made, those before can be committed");
    }
  }

  @Override
  public int savepoint() {
    requireOpen();
    return own.mark();
  }

  @Override
  public void rollbackTo(int savepoint) {
    requireOpen();
    if (!own.isMark(savepoint)) {
      throw new LarderException(
          "The savepoint " + savepoint + " is not one of this transaction's, or was undone");
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
    } catch (ConflictException e) {
      // whoever begins again is to see what was in the way, or would meet it again and again
      database.awaitVisible(database.engine().commits().sequences().last());
      throw e;
    } finally {
      release();
    }
  }

  private void release() {
    snapshot.close();
    if (reads != null) {
      reads.close();
    }
  }

  private void commit(List<WriteBatch.Change> changes, SyncMode sync) {
    snapshot.requireYoung();
    if (reads != null) {
      reads.checkEarly();
    }
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

  /** Requires: the commit lock. */
  private void requireNoConflict(List<WriteBatch.Change> changes) {
    requireUnchanged(changes);
    // what tells of a conflict is kept for the snapshot only as long as that is
    snapshot.requireKept();
    if (reads != null) {
      reads.checkAtLast();
    }
  }

  private static StoredKeyspace stored(WriteBatch.Change change) {
    return (StoredKeyspace) change.keyspace();
  }

  private void requireUnchanged(List<WriteBatch.Change> changes) {
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
    return new ConflictException(
        "The key "
            + Keys.shown(change.key())
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
    release();
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
