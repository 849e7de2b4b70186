package io.larder.benchmarks.harness;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The median and the spread of the counted rounds of one step and contestant. Immutable.
 *
 * @param median the middle value, or the mean of the two middle ones
 * @param min the smallest value
 * @param max the largest value
 * @param rounds how many rounds were counted
 */
public record Summary(double median, double min, double max, int rounds) {

  /** Sums up what {@code value} reads from the measurements. */
  public static Summary of(List<Measurement> measurements, ToDoubleFunction<Measurement> value) {
    if (measurements.isEmpty()) {
      throw new IllegalArgumentException("no measurements to sum up");
    }
    double[] sorted = measurements.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Summary(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }
}
