package io.larder.benchmarks.engine;

/**
 * What a store is going to hold, for products that want to know. Immutable.
 *
 * @param entries how many entries
 * @param valueBytes the size of every value
 */
record DataShape(long entries, int valueBytes) {

  /** Keys and values, without anything a product adds. */
  long bytes() {
    return entries * (Records.KEY_BYTES + valueBytes);
  }
}
