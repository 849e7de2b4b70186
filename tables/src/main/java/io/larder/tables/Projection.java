package io.larder.tables;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which columns go where in a target array. Immutable. */
final class Projection {
  private final int[] wanted;
  private final int[] targets;
  private final int keyColumns;
  private final int valueColumns;
  private final boolean repeats;

  private Projection(
      int[] wanted, int[] targets, int keyColumns, int valueColumns, boolean repeats) {
    this.wanted = wanted;
    this.targets = targets;
    this.keyColumns = keyColumns;
    this.valueColumns = valueColumns;
    this.repeats = repeats;
  }

  static Projection of(int[] wanted, int keyCount, int columnCount) {
    int[] targets = new int[columnCount];
    Arrays.fill(targets, -1);
    int keyColumns = 0;
    int valueColumns = 0;
    boolean repeats = false;
    for (int i = 0; i < wanted.length; i++) {
      int column = wanted[i];
      if (targets[column] >= 0) {
        repeats = true;
        continue;
      }
      targets[column] = i;
      if (column < keyCount) {
        keyColumns++;
      } else if (column < columnCount - 1) {
        valueColumns++;
      }
    }
    return new Projection(wanted.clone(), targets, keyColumns, valueColumns, repeats);
  }

  /** Asked for every row: a loop over a few numbers costs less than a call of the vectorised comparison. */
  boolean isOf(int[] columns) {
    if (columns.length != wanted.length) {
      return false;
    }
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns where a column goes first, -1 = nowhere. */
  int target(int column) {
    return targets[column];
  }

  /** Returns the number of different key columns. */
  int keyColumns() {
    return keyColumns;
  }

  /** Returns the number of different value columns. */
  int valueColumns() {
    return valueColumns;
  }

  /** Copies columns that are wanted more than once. */
  void repeat(@Nullable Object[] target) {
    if (repeats) {
      for (int i = 0; i < wanted.length; i++) {
        target[i] = target[targets[wanted[i]]];
      }
    }
  }
}
