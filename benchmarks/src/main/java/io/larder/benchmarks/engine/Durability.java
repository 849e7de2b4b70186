package io.larder.benchmarks.engine;

/** What an engine promises when a write returns. */
enum Durability {
  /** Nothing is forced to the device; the operating system writes when it likes. */
  NO_SYNC,
  /** Every acknowledged write survives power loss. */
  SYNC_EACH_COMMIT
}
