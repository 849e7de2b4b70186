package io.larder.jdbc.internal.access;

import io.larder.tables.DataType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A test on one column; true, or else false or unknown, which is the same to a WHERE. Immutable.
 *
 * @param column the column tested
 * @param type its type
 * @param test the operator
 * @param operands what it is compared with: none for the null tests, several for IN
 */
public record Condition(int column, DataType type, Test test, List<Operand> operands) {

  /** The operators. */
  public enum Test {
    EQUAL("="),
    NOT_EQUAL("<>"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("IN"),
    LIKE("LIKE"),
    IS_NULL("IS NULL"),
    IS_NOT_NULL("IS NOT NULL");

    private final String text;

    Test(String text) {
      this.text = text;
    }

    /** Returns the operator as written. */
    public String text() {
      return text;
    }

    /** Returns the operator with its sides exchanged. */
    public Test mirrored() {
      return switch (this) {
        case LESS -> GREATER;
        case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
        case GREATER -> LESS;
        case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
        default -> this;
      };
    }
  }

  /** A condition with the values of one execution filled in. */
  public static final class Bound {
    private final Test test;
    private final @Nullable Object[] values;
    private final @Nullable LikePattern pattern;

    Bound(Condition condition, @Nullable Object[] parameters) {
      this.test = condition.test;
      this.values = new Object[condition.operands.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = condition.operands.get(i).value(parameters);
      }
      this.pattern =
          test == Test.LIKE && values[0] != null ? new LikePattern((String) values[0]) : null;
    }

    /** Returns whether the test is true for a value. */
    public boolean isTrue(@Nullable Object value) {
      if (test == Test.IS_NULL || test == Test.IS_NOT_NULL) {
        return (value == null) == (test == Test.IS_NULL);
      }
      if (value == null) {
        return false;
      }
      if (test == Test.IN) {
        return isIn(value);
      }
      Object operand = values[0];
      if (operand == null) {
        return false;
      }
      if (pattern != null) {
        return pattern.matches((String) value);
      }
      return holds(value, operand);
    }

    private boolean isIn(Object value) {
      for (Object candidate : values) {
        if (candidate != null && same(value, candidate)) {
          return true;
        }
      }
      return false;
    }

    private boolean holds(Object left, Object right) {
      return switch (test) {
        case EQUAL -> same(left, right);
        case NOT_EQUAL -> !same(left, right);
        default -> ordered(left, right);
      };
    }

    private boolean ordered(Object left, Object right) {
      if (left instanceof Double || left instanceof Float) {
        double a = ((Number) left).doubleValue();
        double b = ((Number) right).doubleValue();
        return switch (test) {
          case LESS -> a < b;
          case LESS_OR_EQUAL -> a <= b;
          case GREATER -> a > b;
          default -> a >= b;
        };
      }
      int order = compare(left, right);
      return switch (test) {
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        default -> order >= 0;
      };
    }

    private static boolean same(Object left, Object right) {
      if (left instanceof Double || left instanceof Float) {
        return ((Number) left).doubleValue() == ((Number) right).doubleValue();
      }
      boolean byOrder = left instanceof java.math.BigDecimal || left instanceof byte[];
      return byOrder ? compare(left, right) == 0 : left.equals(right);
    }

    @SuppressWarnings("unchecked") // both sides were converted to the column's type
    private static int compare(Object left, Object right) {
      return left instanceof byte[] bytes
          ? Arrays.compareUnsigned(bytes, (byte[]) right)
          : ((Comparable<Object>) left).compareTo(right);
    }
  }

  /** Fills in the values of one execution. */
  public Bound bind(@Nullable Object[] parameters) {
    return new Bound(this, parameters);
  }
}
