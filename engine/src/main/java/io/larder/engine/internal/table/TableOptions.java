package io.larder.engine.internal.table;

/**
 * How a table is written; what was chosen is in the file, readers need no options.
 *
 * @param blockSizeBytes entries between two entries of the sparse index; a block ends with the key that reaches it
 * @param filter whether a filter answers most lookups of absent keys; costs 1.13 bytes a key
 * @param hashIndex whether points are found by hash instead of by order; costs 6.3 bytes a key
 */
public record TableOptions(int blockSizeBytes, boolean filter, boolean hashIndex) {
  private static final TableOptions DEFAULTS = new TableOptions(4096, true, true);

  /** Checks the block size. */
  public TableOptions {
    if (blockSizeBytes < 1 || blockSizeBytes > 1 << 20) {
      throw new IllegalArgumentException(
          "block size of " + blockSizeBytes + " bytes, expected 1 to 1048576");
    }
  }

  /** Returns 4 KB blocks, a filter and a hash index. */
  public static TableOptions defaults() {
    return DEFAULTS;
  }
}
