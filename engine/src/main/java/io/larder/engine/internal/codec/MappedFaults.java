package io.larder.engine.internal.codec;

import io.larder.engine.api.CorruptionException;

/**
 * Turns faults in mapped files into errors that name the file. Stateless.
 *
 * <p>Where bytes of a mapping are missing, because the file was cut or the disk fails, the JVM throws an {@link
 * InternalError}, some instructions later than the access; if there were two accesses, the second error waits for the
 * next call that leaves Java code.
 */
public final class MappedFaults {
  private MappedFaults() {}

  /** Returns what to throw instead of a fault, after taking the one that may be waiting behind it. */
  @SuppressWarnings(
      "ThreadPriorityCheck") // not for the scheduler: any short call out of Java would do
  public static CorruptionException corruption(Object file, InternalError fault) {
    try {
      Thread.yield(); // leaves Java code for a moment
    } catch (InternalError e) {
      fault.addSuppressed(e);
    }
    return new CorruptionException(
        file + ": bytes of the open file cannot be read; was it cut, or does the disk fail?",
        fault);
  }
}
