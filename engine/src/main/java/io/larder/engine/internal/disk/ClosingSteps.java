package io.larder.engine.internal.disk;

/** What is to be done at a close, all of it. Stateless. */
final class ClosingSteps {
  private ClosingSteps() {}

  /** Runs every step, whatever becomes of those before it; the first failure carries the others. */
  static void runAll(Runnable... steps) {
    Throwable first = null;
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
  }
}
