package io.larder.benchmarks.harness;

/** Numbers of fixed width, made faster than a formatter would. Stateless. */
public final class Padding {

  private Padding() {}

  /** The number with leading zeros up to {@code width} digits. */
  public static String padded(long number, int width) {
    String digits = Long.toString(number);
    return digits.length() >= width ? digits : "0".repeat(width - digits.length()) + digits;
  }
}
