package io.larder.jcache.internal.storage;

/**
 * A reference on the heap, as it is prepared, written and read: each write makes a new one. Immutable once it is
 * written.
 */
class HeapEntry<V> implements StoredEntry<V> {
  private final V value;

  /** How many bytes key and value take, about; 0 until it is written. */
  private int weight;

  /** Creates an entry that lives until it is removed, and is not written yet. */
  HeapEntry(V value) {
    this.value = value;
  }

  /** Returns the entry of a value to write: the prepared one if it was not written before. */
  static <V> HeapEntry<V> of(StoredValue<V> value, long expiresAtMillis) {
    if (expiresAtMillis != EntryStore.NEVER) {
      return new Expiring<>(value.value(), expiresAtMillis);
    }
    return value instanceof HeapEntry<V> prepared && prepared.weight == 0
        ? prepared
        : new HeapEntry<>(value.value());
  }

  /** Returns the entry as written, with its weight. */
  HeapEntry<V> written(int bytes) {
    weight = bytes;
    return this;
  }

  int weight() {
    return weight;
  }

  @Override
  public final V value() {
    return value;
  }

  @Override
  public long expiresAtMillis() {
    return EntryStore.NEVER;
  }

  @Override
  public final boolean isSameWrite(StoredEntry<V> other) {
    return this == other;
  }

  /** An entry that expires. */
  private static final class Expiring<V> extends HeapEntry<V> {
    private final long expiresAtMillis;

    Expiring(V value, long expiresAtMillis) {
      super(value);
      this.expiresAtMillis = expiresAtMillis;
    }

    @Override
    public long expiresAtMillis() {
      return expiresAtMillis;
    }
  }
}
