package io.larder.benchmarks.engine;

import org.jspecify.annotations.Nullable;

/** Reads of the latest committed state. Confined to one thread, which closes it. */
interface EngineReader extends AutoCloseable {

  /** The value as an array of the caller's own, or null. The key is not kept. */
  byte @Nullable [] get(byte[] key) throws Exception;

  /**
   * Hands entries out in key order.
   *
   * @param from the first key, or null for the start of the store
   * @param limit at most so many entries
   */
  void scan(byte @Nullable [] from, long limit, EntrySum sum) throws Exception;

  @Override
  void close();
}
