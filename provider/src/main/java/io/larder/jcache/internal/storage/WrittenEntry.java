package io.larder.jcache.internal.storage;

/** An entry that says which commit wrote it. */
interface WrittenEntry<V> extends StoredEntry<V> {

  /** Returns the sequence number of the change. */
  long sequence();

  @Override
  default boolean isSameWrite(StoredEntry<V> other) {
    return other instanceof WrittenEntry<V> written && sequence() == written.sequence();
  }
}
