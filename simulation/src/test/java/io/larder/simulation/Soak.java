package io.larder.simulation;

import io.larder.simulation.DatabaseWorkload.Mix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The crash runs for as long as one likes, seed after seed, each seed with more steps than the build's: {@code mvn
 * -Pfast,soak -pl simulation -am test -Dsoak.minutes=60 -Dsoak.seed=1000}. After each seed the summary is written to {@code target/soak.txt} (or
 * {@code -Dsoak.file}), with the command that goes on from there; a state that is wrong ends the run with the command that
 * runs it alone.
 */
class Soak {
  private static final long MINUTES = Long.getLong("soak.minutes", 1);
  private static final long FIRST_SEED = Long.getLong("soak.seed", 1_000);
  private static final Path FILE = Path.of(System.getProperty("soak.file", "target/soak.txt"));
  private static final int STEPS = Integer.getInteger("soak.steps", 120);

  private final Map<String, Long> counts = new TreeMap<>();

  @Test
  void crashes_forAsLongAsAsked_findNothing() throws IOException {
    long start = System.nanoTime();
    long seed = FIRST_SEED;
    do {
      try {
        run(seed);
      } catch (AssertionError e) {
        report(start, seed, "bad = 1: seed " + seed + ": " + e.getMessage());
        throw e;
      }
      seed++;
      report(start, seed, "bad = 0");
    } while (System.nanoTime() - start < TimeUnit.MINUTES.toNanos(MINUTES));
    System.out.print(Files.readString(FILE));
  }

  private void run(long seed) throws IOException {
    String again =
        "-Pfast,soak -pl simulation -am test -Dsoak.minutes=0 -Dsoak.seed=%d -Dsoak.steps=%d"
            .formatted(seed, STEPS);
    for (Mix mix : Mix.values()) {
      CrashRun run = new CrashRun(again, seed, mix, STEPS).run();
      count("crash states, " + mix, run.states());
      count("crashes inside recovery", run.nested());
    }
    count(
        "crash states with expiry and clock steps",
        new ExpiryRun(again, seed, STEPS).run().states());
  }

  private void count(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  private void report(long start, long nextSeed, String verdict) throws IOException {
    StringBuilder text = new StringBuilder();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    text.append("soak: seeds %d to %d in %,d s%n".formatted(FIRST_SEED, nextSeed - 1, seconds));
    counts.forEach((what, count) -> text.append("  %s: %,d%n".formatted(what, count)));
    text.append("  ").append(verdict).append('\n');
    text.append(
        "  go on: mvn -Pfast,soak -pl simulation -am test -Dsoak.minutes=%d -Dsoak.seed=%d%n"
            .formatted(MINUTES, nextSeed));
    Path parent = FILE.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.write(FILE, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
