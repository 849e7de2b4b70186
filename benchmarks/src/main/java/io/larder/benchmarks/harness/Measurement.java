package io.larder.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One reading of one step for one contestant. Immutable; travels between processes as one line.
 *
 * @param quantity operations done, or the measured amount itself for units that are no rate
 * @param wallNanos elapsed time
 * @param threadCpuNanos CPU time of the threads that called the contestant
 * @param processCpuNanos CPU time of the whole process, background threads included
 * @param allocatedBytes heap bytes allocated by the calling threads
 */
public record Measurement(
    long quantity, long wallNanos, long threadCpuNanos, long processCpuNanos, long allocatedBytes) {

  /** A reading that is an amount (bytes, percent) and took no time worth telling. */
  public static Measurement amount(long quantity) {
    return new Measurement(quantity, 0, 0, 0, 0);
  }

  /** A reading of how many times as much {@code amount} is as {@code base}. */
  public static Measurement factor(long amount, long base) {
    return amount(Math.round(1_000.0 * amount / base));
  }

  /** A reading of a duration of one operation. */
  public static Measurement duration(long wallNanos) {
    return new Measurement(1, wallNanos, 0, 0, 0);
  }

  /** The value in the given unit. */
  public double in(Unit unit) {
    return switch (unit) {
      case OPERATIONS_PER_SECOND -> wallNanos == 0 ? 0 : quantity * 1e9 / wallNanos;
      case MILLISECONDS -> wallNanos / 1e6;
      case MEBIBYTES -> quantity / (1024.0 * 1024.0);
      case FACTOR -> quantity / 1_000.0;
      case PERCENT -> quantity;
    };
  }

  /** The same reading for another number of operations. */
  public Measurement withQuantity(long otherQuantity) {
    return new Measurement(
        otherQuantity, wallNanos, threadCpuNanos, processCpuNanos, allocatedBytes);
  }

  /** CPU time of the calling threads for one operation. */
  public double threadCpuMicrosPerOperation() {
    return quantity == 0 ? 0 : threadCpuNanos / 1e3 / quantity;
  }

  /** CPU time of the whole process for one operation. */
  public double processCpuMicrosPerOperation() {
    return quantity == 0 ? 0 : processCpuNanos / 1e3 / quantity;
  }

  /** Heap bytes allocated by the calling threads for one operation. */
  public double allocatedBytesPerOperation() {
    return quantity == 0 ? 0 : (double) allocatedBytes / quantity;
  }

  String toLine() {
    return "quantity=%d wall=%d cpu=%d process=%d allocated=%d"
        .formatted(quantity, wallNanos, threadCpuNanos, processCpuNanos, allocatedBytes);
  }

  static Measurement fromLine(String line) {
    Map<String, Long> fields = new LinkedHashMap<>();
    for (String field : line.trim().split(" ", -1)) {
      int equals = field.indexOf('=');
      fields.put(field.substring(0, equals), Long.parseLong(field.substring(equals + 1)));
    }
    return new Measurement(
        field(fields, "quantity"),
        field(fields, "wall"),
        field(fields, "cpu"),
        field(fields, "process"),
        field(fields, "allocated"));
  }

  private static long field(Map<String, Long> fields, String name) {
    Long value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("measurement line has no " + name + ": " + fields);
    }
    return value;
  }
}
