package io.larder.benchmarks.engine;

import org.jspecify.annotations.Nullable;

/** Reads of the latest committed state. Confined to one thread, which closes it. */
interface EngineReader extends AutoCloseable {

  /** The value as an array of the caller's own, or null. The key is not kept. */
  byte @Nullable [] get(byte[] key) throws Exception;

  /**
   * Looks at a value without an array of its own; only of products with {@link Ability#VIEW}.
   *
   * @return false if there is no such entry
   */
  default boolean view(byte[] key, ValueView view) throws Exception {
    throw new UnsupportedOperationException("no reads without a copy");
  }

  /** Reads several entries, each as {@link #get}; products that know a better way use it. */
  default void getAll(byte[][] keys, byte[] @Nullable [] values) throws Exception {
    for (int place = 0; place < keys.length; place++) {
      values[place] = get(keys[place]);
    }
  }

  /**
   * Hands entries out in key order; only of products with {@link Ability#ORDER}.
   *
   * @param from the first key, or null for the start of the store
   * @param limit at most so many entries
   */
  void scan(byte @Nullable [] from, long limit, EntrySum sum) throws Exception;

  @Override
  void close();
}
