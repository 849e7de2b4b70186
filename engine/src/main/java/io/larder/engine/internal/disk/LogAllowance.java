package io.larder.engine.internal.disk;

/**
 * How large the log may become before it is shortened: what the options say, but always some of the largest recent
 * batches, so that one batch does not cost a flush and a table of its own. Written under the commit lock; anybody may
 * read.
 */
final class LogAllowance {
  /** The log may always hold so many batches. */
  private static final int BATCHES = 8;

  /** After each batch what is known of larger ones shrinks by this part, so that a single one is forgotten. */
  private static final int FORGOTTEN_PART = 64;

  private final long limitBytes;

  /** The size of the largest recent batch, 0 while batches are too small to matter. */
  private volatile long largestBytes;

  LogAllowance(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Hears of a batch that was committed. */
  void committed(long batchBytes) {
    long largest = largestBytes;
    if (largest != 0 || batchBytes > limitBytes / BATCHES) {
      largest = Math.max(batchBytes, largest - largest / FORGOTTEN_PART - 1);
      largestBytes = largest > limitBytes / BATCHES ? largest : 0;
    }
  }

  /** Returns from which size on the log is to be shortened. */
  long bytes() {
    return Math.max(limitBytes, BATCHES * largestBytes);
  }
}
