package io.larder.engine.api;

/**
 * A unit of work: it reads its snapshot and its own changes, and commits all of them or nothing. The first
 * committer wins: if a key it wrote was changed by another commit since its snapshot, {@link #commit} throws {@link
 * ConflictException}; at {@link IsolationLevel#SERIALIZABLE} also if something it read was. Used by one thread at
 * a time.
 *
 * <p>Its own changes are kept in memory and bounded by {@code batch.limit}; each counts as its key, its value and
 * 128 bytes more. Entries expire for it as for everybody: the passing of time is no conflict.
 *
 * <p>After {@link #commit} (successful or not), {@link #rollback} or {@link #close} the transaction is over and
 * every other call throws {@link ClosedException}.
 */
public interface Transaction extends Reader, AutoCloseable {

  /** Sets a key's value without expiry. */
  void put(Keyspace keyspace, byte[] key, byte[] value);

  /** Sets a key's value with an absolute expiry in milliseconds since the epoch, 0 = never. */
  void put(Keyspace keyspace, byte[] key, byte[] value, long expiresAtMillis);

  /** Deletes a key; deleting an absent key is no error. */
  void delete(Keyspace keyspace, byte[] key);

  /** Returns a mark that {@link #rollbackTo} can return to. */
  int savepoint();

  /** Undoes all changes made since the mark was set; the mark stays valid, later ones do not. */
  void rollbackTo(int savepoint);

  /** Commits with the database's sync mode. */
  void commit();

  /** Commits with a sync mode of its own. */
  void commit(SyncMode sync);

  /** Gives every change up. */
  void rollback();

  /** Rolls back if still open. */
  @Override
  void close();
}
