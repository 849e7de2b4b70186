package io.larder.engine.spi;

/**
 * Decides which entries leave an in-memory database that is full, with {@code memory.full=evict}. Thread-safe: reads
 * come from any number of threads at once, writes from one at a time, questions from the database's own thread
 * meanwhile. Of use to one database only.
 *
 * <p>Keys are told by their 64-bit hash, which differs from one opening of a database to the next. Two keys may share a
 * hash; what an evictor takes one for is then true of both, which costs an eviction too early or too late and nothing
 * else. It is not told of what leaves, by whatever way; what it remembers must be bounded by itself.
 *
 * <p>Requires: nothing it does waits, calls the database, or throws.
 */
public interface Evictor {

  /** Hears that an entry was read by its key; on the path of every such read. Scans are not told. */
  void read(int keyspaceId, long keyHash);

  /**
   * Hears that an entry was written or deleted; under the commit lock.
   *
   * @param sizeBytes what the entry takes in memory
   */
  void written(int keyspaceId, long keyHash, int sizeBytes);

  /** Returns how much an entry is worth keeping at this moment: those worth least leave first. */
  long worth(int keyspaceId, long keyHash);
}
