package io.larder.jcache.internal.storage;

/** An entry that says which commit wrote it. */
interface WrittenEntry<V> extends StoredEntry<V> {

  /** Returns the sequence number of the change. */
  long sequence();

  @Override
  default boolean isSameWrite(StoredEntry<V> other) {
    return sequence() == ((WrittenEntry<V>) other).sequence();
  }
}
