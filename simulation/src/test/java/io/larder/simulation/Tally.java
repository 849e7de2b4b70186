package io.larder.simulation;

import java.util.Map;
import java.util.TreeMap;

/** Counts what was tried, over all tests of a run, and prints each sum. Thread-safe. */
final class Tally {
  private static final Map<String, Long> SUMS = new TreeMap<>();

  private Tally() {}

  static synchronized void add(String what, long count) {
    long sum = SUMS.merge(what, count, Long::sum);
    long states =
        SUMS.entrySet().stream()
            .filter(each -> each.getKey().startsWith("crash states"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    System.out.printf("%s: %,d; together %,d; crash states so far %,d%n", what, count, sum, states);
  }
}
