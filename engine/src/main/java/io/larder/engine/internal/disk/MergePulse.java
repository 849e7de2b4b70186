package io.larder.engine.internal.disk;

/** What happens between two slices of a merge. */
@FunctionalInterface
interface MergePulse {
  /** The bytes of entries in a slice. */
  long SLICE_BYTES = 1 << 20;

  /**
   * Runs after each slice; what it throws ends the merge, and the runs stay as they are.
   *
   * @param doneBytes how much of the merge's input is behind
   * @param totalBytes how large its input is
   */
  void sliceDone(long doneBytes, long totalBytes);
}
