package io.larder.engine.api;

/**
 * The database as it was at one sequence number: reads repeat, whatever is committed, flushed, compacted
 * or dropped meanwhile. Thread-safe. Reads never block. The opener closes it; until then it pins the
 * versions it can see.
 */
public interface Snapshot extends Reader, AutoCloseable {

  /** Returns the last commit this snapshot sees. */
  long sequence();

  /** Releases what the snapshot pins; does nothing the second time. */
  @Override
  void close();
}
