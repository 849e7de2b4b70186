package io.larder.engine.api;

/** When a commit is acknowledged relative to when it is on stable storage. */
public enum SyncMode {
  /** Acknowledged means synced: survives power loss. */
  ALWAYS,
  /** Synced every {@code sync.interval}: a power loss can undo that much, a killed process nothing. */
  INTERVAL,
  /** Left to the operating system: a power loss can undo more, a killed process nothing. */
  NONE
}
