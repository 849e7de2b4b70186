package io.larder.benchmarks.harness;

/** What a step's value means, and which direction is better. */
public enum Unit {
  /** A rate; more is better. */
  OPERATIONS_PER_SECOND("op/s", true),
  /** Elapsed time of all that was measured; less is better. */
  MILLISECONDS("ms", false),
  /** A size; less is better. */
  MEBIBYTES("MiB", false),
  /** How many times as much as the user's own data, read from thousandths; less is better. */
  FACTOR("x", false),
  /** A share; more is better. */
  PERCENT("%", true);

  private final String symbol;
  private final boolean moreIsBetter;

  Unit(String symbol, boolean moreIsBetter) {
    this.symbol = symbol;
    this.moreIsBetter = moreIsBetter;
  }

  /** How the unit is printed. */
  public String symbol() {
    return symbol;
  }

  /** Whether the larger of two values wins. */
  public boolean moreIsBetter() {
    return moreIsBetter;
  }

  /** How many times better {@code value} is than {@code other}; above 1 means better. */
  public double ratio(double value, double other) {
    if (value == other) {
      return 1.0;
    }
    return moreIsBetter ? value / other : other / value;
  }
}
