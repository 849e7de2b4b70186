package io.larder.engine.api;

/**
 * Hears how far a long operation is, and may end it. Called by the thread that asked for the operation, with no lock of
 * the database held; what it throws ends the operation as well and reaches the caller.
 */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Hears of progress, about once a megabyte.
   *
   * @param phase what is being done, for example {@code flush} or {@code merge}
   * @param doneBytes how much of the phase is done
   * @param totalBytes how much there is to do, as far as is known
   * @return false to ask for the end: unless it is done by then, the operation ends with {@link CancelledException} and
   *     leaves everything as it was
   */
  boolean onProgress(String phase, long doneBytes, long totalBytes);

  /** Returns a listener that wants to hear nothing and never ends anything. */
  static ProgressListener none() {
    return (phase, doneBytes, totalBytes) -> true;
  }
}
