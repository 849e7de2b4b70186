package io.larder.jdbc.internal.access;

import io.larder.jdbc.internal.access.Condition.Test;
import io.larder.tables.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The access path chosen for some conditions, and those that remain to be tested row by row.
 *
 * @param access the path
 * @param remaining the conditions the path does not guarantee
 */
public record AccessChoice(KeyAccess access, List<Condition> remaining) {

  /**
   * Chooses: equality on leading key columns as far as it goes, then on the next column a list, a range, or
   * a prefix.
   */
  public static AccessChoice choose(TableView view, List<Condition> conditions) {
    return new Chooser(view, conditions).choose();
  }

  private static final class Chooser {
    private final TableView view;
    private final List<Condition> remaining;
    private final List<Operand> equal = new ArrayList<>();
    private List<Operand> list = List.of();
    private KeyAccess.@Nullable Bound lower;
    private KeyAccess.@Nullable Bound upper;
    private @Nullable Operand like;

    Chooser(TableView view, List<Condition> conditions) {
      this.view = view;
      this.remaining = new ArrayList<>(conditions);
    }

    AccessChoice choose() {
      int column = 0;
      while (column < view.keyCount() && takeEqual(column)) {
        column++;
      }
      if (column < view.keyCount() && isOrdered(view.type(column))) {
        boolean lastOfKey = column == view.keyCount() - 1;
        if (!(lastOfKey && takeList(column)) && !takeRange(column)) {
          takeLike(column);
        }
      }
      KeyAccess access = new KeyAccess(view, List.copyOf(equal), list, lower, upper, like);
      return new AccessChoice(access, List.copyOf(remaining));
    }

    /** The order of keys is the order of values for these; -0.0 and NaN spoil it for the others. */
    private static boolean isOrdered(DataType type) {
      return switch (type) {
        case REAL, DOUBLE, LIST, MAP, ANY -> false;
        default -> true;
      };
    }

    private boolean takeEqual(int column) {
      Condition found = isOrdered(view.type(column)) ? find(column, Test.EQUAL) : null;
      if (found == null) {
        return false;
      }
      equal.add(found.operands().get(0));
      return remaining.remove(found);
    }

    private boolean takeList(int column) {
      Condition found = find(column, Test.IN);
      if (found == null || view.type(column) == DataType.DECIMAL) {
        return false;
      }
      list = found.operands();
      return remaining.remove(found);
    }

    private boolean takeRange(int column) {
      lower = takeBound(column, Test.GREATER_OR_EQUAL, Test.GREATER);
      upper = takeBound(column, Test.LESS_OR_EQUAL, Test.LESS);
      return lower != null || upper != null;
    }

    private KeyAccess.@Nullable Bound takeBound(int column, Test inclusive, Test exclusive) {
      Condition found = find(column, inclusive);
      if (found == null) {
        found = find(column, exclusive);
      }
      if (found == null) {
        return null;
      }
      remaining.remove(found);
      return new KeyAccess.Bound(found.operands().get(0), found.test() == inclusive);
    }

    private void takeLike(int column) {
      Condition found = find(column, Test.LIKE);
      if (found == null) {
        return;
      }
      Operand operand = found.operands().get(0);
      if (operand instanceof Operand.Constant constant) {
        String pattern = (String) constant.constant();
        if (pattern == null || LikePattern.leadingText(pattern).isEmpty()) {
          return;
        }
        if (LikePattern.prefixOf(pattern) != null) {
          remaining.remove(found);
        }
      }
      like = operand;
    }

    private @Nullable Condition find(int column, Test test) {
      for (Condition condition : remaining) {
        if (condition.column() == column && condition.test() == test) {
          return condition;
        }
      }
      return null;
    }
  }
}
