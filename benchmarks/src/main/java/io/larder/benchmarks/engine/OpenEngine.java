package io.larder.benchmarks.engine;

import java.io.IOException;

/** An open store. Thread-safe; closed by the session. */
interface OpenEngine extends AutoCloseable {

  /** Writes one entry; durable as the store was opened. The arrays are the store's to keep. */
  void put(byte[] key, byte[] value) throws Exception;

  /** Writes entries as one atomic batch; durable as the store was opened. */
  void write(byte[][] keys, byte[][] values) throws Exception;

  /** Deletes one entry; durable as the store was opened. */
  void delete(byte[] key) throws Exception;

  /** Deletes entries as one atomic batch; durable as the store was opened. */
  void deleteAll(byte[][] keys) throws Exception;

  /** A reader for the calling thread. */
  EngineReader reader() throws Exception;

  /** Does what an operator would do after a load: flush, compact. */
  void settle() throws Exception;

  @Override
  void close() throws IOException;
}
