package io.larder.simulation;

import io.larder.engine.internal.io.LossModel;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One simulated state: which workload, crashed before which call, with which loss. An immutable value.
 *
 * <p>The system properties {@code larder.simulation.seed}, {@code .call} and {@code .loss} narrow a test
 * to one seed, call and loss model; {@code larder.simulation.scale} multiplies the number of seeds.
 *
 * @param test the test, or Maven's arguments that run the seed, which then start with {@code -P}
 * @param seed the workload's seed
 * @param call the index of the call before which the crash comes
 * @param loss what is lost
 */
record Scenario(String test, long seed, long call, LossModel loss) {
  private static final String PREFIX = "larder.simulation.";

  /** Returns the seeds to run: the one asked for, or the first ones. */
  static List<Long> seeds(int count) {
    Long only = Long.getLong(PREFIX + "seed");
    if (only != null) {
      return List.of(only);
    }
    int scaled = count * Integer.getInteger(PREFIX + "scale", 1);
    return java.util.stream.LongStream.rangeClosed(1, scaled).boxed().toList();
  }

  /** Returns whether it is not left out by the system properties. */
  boolean isWanted() {
    Long onlyCall = Long.getLong(PREFIX + "call");
    @Nullable String onlyLoss = System.getProperty(PREFIX + "loss");
    return (onlyCall == null || onlyCall == call)
        && (onlyLoss == null || onlyLoss.toUpperCase(Locale.ROOT).equals(loss.name()));
  }

  /** Returns the seed for what the loss model leaves to chance. */
  long lossSeed() {
    return seed * 1_000_003 + call * 31 + loss.ordinal();
  }

  /** Returns the command that runs this state alone. */
  String command() {
    String what =
        test.startsWith("-P")
            ? test
            : "-Pfast -pl simulation -am test -Dtest="
                + test
                + " -Dsurefire.failIfNoSpecifiedTests=false -D"
                + PREFIX
                + "seed="
                + seed;
    return "mvn " + what + " -D" + PREFIX + "call=" + call + " -D" + PREFIX + "loss=" + loss;
  }

  /** Returns an error that says how to run this state again. */
  AssertionError failure(String problem, @Nullable Throwable cause) {
    return new AssertionError(problem + "\n  replay: " + command(), cause);
  }
}
