package io.larder.engine.api;

/**
 * Hears what is committed to one keyspace, whatever door it came through; see {@link Keyspace#observe}. Used by
 * all threads that commit.
 *
 * <p>Each change is told by the thread that committed it, once everybody sees it and before its call returns. Changes
 * of one key come in their order if whoever makes them holds the key ({@link Keyspace#lock}), as caches and SQL do;
 * otherwise two of them may be told the wrong way round. Nothing is told of entries that expire or are
 * evicted, nor of a keyspace that is dropped.
 *
 * <p>Requires: it does not wait for long, since a writer waits for it. It may read and write the database. What it
 * throws is logged, and changes nothing of the commit.
 */
public interface KeyspaceObserver {

  /** Hears that an entry was set. The arrays are not to be changed. */
  void written(byte[] key, byte[] value, long expiresAtMillis);

  /** Hears that a key was deleted, whether or not there was an entry. */
  void deleted(byte[] key);

  /** Hears that all entries were removed at once. */
  void cleared();
}
