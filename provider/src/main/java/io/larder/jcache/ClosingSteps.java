package io.larder.jcache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a closing, which all run, whatever one of them throws: a half-closed manager would keep its directory
 * locked for as long as the process lives. Used by one thread.
 */
final class ClosingSteps {
  private final List<Runnable> steps = new ArrayList<>();

  ClosingSteps add(Runnable step) {
    steps.add(step);
    return this;
  }

  /** Runs all steps in order, and then throws the first of what they threw, with the rest suppressed. */
  void run() {
    Throwable failure = null;
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException | Error e) {
        failure = joined(failure, e);
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }

  private static Throwable joined(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }
}
