package io.larder.jcache.internal.storage;

/** An entry that says which commit wrote it, if that is known. */
interface WrittenEntry<V> extends StoredEntry<V> {
  /** The number of a commit nobody was told. */
  long UNKNOWN = -1;

  /** Returns the sequence number of the change, or {@link #UNKNOWN}. */
  long sequence();

  /**
   * {@inheritDoc} Where one of the writes is not known, equal values do as well: whoever read the one could have read the
   * other.
   */
  @Override
  default boolean isSameWrite(StoredEntry<V> other) {
    boolean bothKnown =
        sequence() != UNKNOWN
            && other instanceof WrittenEntry<V> written
            && written.sequence() != UNKNOWN;
    return bothKnown
        ? ((WrittenEntry<V>) other).sequence() == sequence()
        : this == other || value().equals(other.value());
  }
}
