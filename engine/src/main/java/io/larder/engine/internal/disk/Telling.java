package io.larder.engine.internal.disk;

/**
 * Tells of failures where nothing may end because of the telling: the first use of a logger loads classes, there may be no
 * memory for it, and handlers are the user's. Stateless.
 */
final class Telling {
  private Telling() {}

  /** Logs a failure; if that fails too, the failure keeps why. */
  static void tell(
      System.Logger log, System.Logger.Level level, String message, Throwable failure) {
    try {
      log.log(level, message, failure);
    } catch (Throwable e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }
}
