package io.larder.jdbc.internal.change;

import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Database;
import io.larder.engine.api.Entry;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.value.Conversions;
import io.larder.tables.RowCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what statements change. Inside a transaction changes go there. Otherwise a statement is
 * atomic by itself: one row under the exclusion of its key, several rows inserted under the exclusion of
 * all their keys, anything else as a transaction that is run again when another commit got in between.
 */
public final class RowChanges {
  private static final int ATTEMPTS = 50;

  private final TableView view;
  private final Keyspace keyspace;
  private final RowCodec rows;

  /** What an insert does with a key that is there already. */
  public enum OnDuplicate {
    FAIL,
    REPLACE,
    SKIP
  }

  /** Finds the rows to change; the last element of each row is the raw key. */
  @FunctionalInterface
  public interface Target {
    /** Opens the rows as a reader sees them. */
    RowCursor open(Reader reader);
  }

  /** Computes a changed row. */
  @FunctionalInterface
  public interface Change {
    /** Returns the new row, or null to delete it. */
    @Nullable Object @Nullable [] apply(@Nullable Object[] existing, @Nullable Object[] found);
  }

  /** Creates the changes of a table. */
  public RowChanges(TableView view) {
    this.view = view;
    this.keyspace = view.table().keyspace();
    this.rows = view.table().rows();
  }

  /** Inserts rows and returns how many. */
  public long insert(Execution execution, List<@Nullable Object[]> newRows, OnDuplicate mode) {
    Transaction transaction = execution.session().transaction();
    if (transaction != null) {
      return insertInto(transaction, newRows, mode);
    }
    if (newRows.size() == 1) {
      return insertOne(newRows.get(0), mode);
    }
    return newRows.isEmpty() ? 0 : insertTogether(execution, newRows, mode);
  }

  @SuppressWarnings("try") // the lock is held, not used
  private long insertOne(@Nullable Object[] row, OnDuplicate mode) {
    byte[] key = rows.encodeKey(row);
    byte[] value = rows.encodeValue(row);
    try (Keyspace.KeyLock lock = keyspace.lock(key)) {
      if (mode != OnDuplicate.REPLACE && keyspace.exists(key)) {
        return refuse(row, mode);
      }
      keyspace.put(key, value, rows.expiresAtMillis(row));
    }
    return 1;
  }

  private long insertInto(
      Transaction transaction, List<@Nullable Object[]> newRows, OnDuplicate mode) {
    long count = 0;
    for (@Nullable Object[] row : newRows) {
      byte[] key = rows.encodeKey(row);
      if (mode != OnDuplicate.REPLACE && transaction.exists(keyspace, key)) {
        count += refuse(row, mode);
      } else {
        transaction.put(keyspace, key, rows.encodeValue(row), rows.expiresAtMillis(row));
        count++;
      }
    }
    return count;
  }

  @SuppressWarnings("try") // the lock is held, not used
  private long insertTogether(
      Execution execution, List<@Nullable Object[]> newRows, OnDuplicate mode) {
    List<byte[]> keys = new ArrayList<>(newRows.size());
    for (@Nullable Object[] row : newRows) {
      keys.add(rows.encodeKey(row));
    }
    WriteBatch batch = new WriteBatch();
    Set<ByteBuffer> seen = new HashSet<>();
    try (Keyspace.KeyLock lock = keyspace.lockAll(keys)) {
      for (int i = 0; i < keys.size(); i++) {
        byte[] key = keys.get(i);
        @Nullable Object[] row = newRows.get(i);
        boolean there = !seen.add(ByteBuffer.wrap(key)) || keyspace.exists(key);
        if (there && mode != OnDuplicate.REPLACE) {
          refuse(row, mode);
        } else {
          batch.put(keyspace, key, rows.encodeValue(row), rows.expiresAtMillis(row));
        }
      }
      if (!batch.isEmpty()) {
        execution.session().store().database().write(batch);
      }
    }
    return batch.size();
  }

  private long refuse(@Nullable Object[] row, OnDuplicate mode) {
    if (mode == OnDuplicate.SKIP) {
      return 0;
    }
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < view.keyCount(); i++) {
      key.append(i == 0 ? "" : ", ").append(Conversions.toText(row[i]));
    }
    throw new StatementException(
        SqlState.DUPLICATE_KEY,
        "table " + view.name() + " has a row with the primary key (" + key + ") already");
  }

  /** Changes or deletes the one row of a key, if it is there and the test holds, and returns how many. */
  @SuppressWarnings("try") // the lock is held, not used
  public long changeOne(
      Execution execution,
      byte @Nullable [] key,
      Function<@Nullable Object[], Boolean> test,
      Change change) {
    if (key == null) {
      return 0;
    }
    Transaction transaction = execution.session().transaction();
    if (transaction != null) {
      return changeFound(transaction, key, test, change, new Object[0]);
    }
    try (Keyspace.KeyLock lock = keyspace.lock(key)) {
      Entry entry = keyspace.entry(key);
      if (entry == null) {
        return 0;
      }
      @Nullable Object[] existing = rows.decode(key, entry.value(), entry.expiresAtMillis());
      if (!test.apply(existing)) {
        return 0;
      }
      @Nullable Object[] changed = change.apply(existing, new Object[0]);
      if (changed == null) {
        keyspace.delete(key);
        return 1;
      }
      byte[] newKey = rows.encodeKey(changed);
      if (Arrays.equals(key, newKey)) {
        keyspace.put(key, rows.encodeValue(changed), rows.expiresAtMillis(changed));
        return 1;
      }
    }
    return inTransaction(execution, own -> changeFound(own, key, test, change, new Object[0]));
  }

  /** Changes or deletes all rows of a target, and returns how many. */
  public long changeAll(Execution execution, Target target, Change change) {
    return inTransaction(
        execution, transaction -> changeAll(transaction, execution, target, change));
  }

  private long changeAll(
      Transaction transaction, Execution execution, Target target, Change change) {
    List<@Nullable Object[]> found = new ArrayList<>();
    try (RowCursor cursor = target.open(transaction)) {
      for (@Nullable Object[] row = cursor.next(); row != null; row = cursor.next()) {
        found.add(row);
      }
    }
    long count = 0;
    for (@Nullable Object[] row : found) {
      execution.stop().check();
      byte[] key = (byte[]) row[row.length - 1];
      if (key != null) {
        count += changeFound(transaction, key, existing -> true, change, row);
      }
    }
    return count;
  }

  private long changeFound(
      Transaction transaction,
      byte[] key,
      Function<@Nullable Object[], Boolean> test,
      Change change,
      @Nullable Object[] found) {
    Entry entry = transaction.entry(keyspace, key);
    if (entry == null) {
      return 0;
    }
    @Nullable Object[] existing = rows.decode(key, entry.value(), entry.expiresAtMillis());
    if (!test.apply(existing)) {
      return 0;
    }
    @Nullable Object[] changed = change.apply(existing, found);
    if (changed == null) {
      transaction.delete(keyspace, key);
      return 1;
    }
    byte[] newKey = rows.encodeKey(changed);
    if (!Arrays.equals(key, newKey)) {
      if (transaction.exists(keyspace, newKey)) {
        return refuse(changed, OnDuplicate.FAIL);
      }
      transaction.delete(keyspace, key);
    }
    transaction.put(keyspace, newKey, rows.encodeValue(changed), rows.expiresAtMillis(changed));
    return 1;
  }

  /** Runs a statement inside the open transaction, or one of its own, again and again on conflict. */
  private static long inTransaction(Execution execution, Function<Transaction, Long> statement) {
    Transaction open = execution.session().transaction();
    if (open != null) {
      return statement.apply(open);
    }
    Database database = execution.session().store().database();
    for (int attempt = 1; ; attempt++) {
      try (Transaction own = database.begin(execution.session().isolation())) {
        long count = statement.apply(own);
        own.commit();
        return count;
      } catch (ConflictException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        execution.stop().check();
      }
    }
  }
}
