package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.Condition;
import io.larder.jdbc.internal.access.Condition.Test;
import io.larder.jdbc.internal.access.Operand;
import io.larder.tables.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Finds in an expression the tests on one column that a scan can do itself. What it is not sure of stays
 * with Calcite.
 */
final class ConditionTranslator {
  private final LarderScan scan;
  private final List<Condition> conditions = new ArrayList<>();
  private final List<RexNode> remaining = new ArrayList<>();

  private ConditionTranslator(LarderScan scan) {
    this.scan = scan;
  }

  /** Splits a condition over the fields of a scan. */
  static ConditionTranslator split(LarderScan scan, RexNode condition) {
    ConditionTranslator split = new ConditionTranslator(scan);
    for (RexNode part : RelOptUtil.conjunctions(condition)) {
      Condition translated = split.translate(part);
      if (translated == null) {
        split.remaining.add(part);
      } else {
        split.conditions.add(translated);
      }
    }
    return split;
  }

  /** Returns the tests the scan can do. */
  List<Condition> conditions() {
    return conditions;
  }

  /** Returns what it cannot do. */
  List<RexNode> remaining() {
    return remaining;
  }

  private @Nullable Condition translate(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return null;
    }
    List<RexNode> operands = call.getOperands();
    return switch (call.getKind()) {
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(test(call.getKind()), operands.get(0), operands.get(1));
      case IS_NULL -> nullTest(Test.IS_NULL, operands.get(0));
      case IS_NOT_NULL -> nullTest(Test.IS_NOT_NULL, operands.get(0));
      case LIKE -> like(call);
      case OR -> list(operands);
      default -> null;
    };
  }

  private static Test test(SqlKind kind) {
    return switch (kind) {
      case EQUALS -> Test.EQUAL;
      case NOT_EQUALS -> Test.NOT_EQUAL;
      case LESS_THAN -> Test.LESS;
      case LESS_THAN_OR_EQUAL -> Test.LESS_OR_EQUAL;
      case GREATER_THAN -> Test.GREATER;
      default -> Test.GREATER_OR_EQUAL;
    };
  }

  private @Nullable Condition nullTest(Test test, RexNode operand) {
    int column = column(operand);
    return column < 0 ? null : new Condition(column, type(column), test, List.of());
  }

  private @Nullable Condition comparison(Test test, RexNode left, RexNode right) {
    int column = column(left);
    RexNode other = right;
    Test directed = test;
    if (column < 0) {
      column = column(right);
      other = left;
      directed = test.mirrored();
    }
    if (column < 0) {
      return null;
    }
    Operand operand = operand(other, type(column));
    return operand == null ? null : new Condition(column, type(column), directed, List.of(operand));
  }

  private @Nullable Condition like(RexCall call) {
    boolean plain = call.getOperands().size() == 2 && call.getOperator().getName().equals("LIKE");
    int column = plain ? column(call.getOperands().get(0)) : -1;
    if (column < 0 || type(column) != DataType.VARCHAR) {
      return null;
    }
    Operand operand = operand(call.getOperands().get(1), DataType.VARCHAR);
    return operand == null
        ? null
        : new Condition(column, DataType.VARCHAR, Test.LIKE, List.of(operand));
  }

  /** Translates {@code c = 1 OR c = 2 ..}, which is what becomes of IN. */
  private @Nullable Condition list(List<RexNode> alternatives) {
    List<Operand> values = new ArrayList<>();
    int column = -1;
    for (RexNode alternative : alternatives) {
      Condition equal = translate(alternative);
      if (equal == null || equal.test() != Test.EQUAL) {
        return null;
      }
      if (column >= 0 && column != equal.column()) {
        return null;
      }
      column = equal.column();
      values.add(equal.operands().get(0));
    }
    return new Condition(column, type(column), Test.IN, List.copyOf(values));
  }

  private DataType type(int column) {
    return scan.view().type(column);
  }

  /** Returns the column an expression is, nothing around it that changes values; -1 if it is none. */
  private int column(RexNode node) {
    RexNode bare = withoutNullabilityCast(node);
    int column = bare instanceof RexInputRef field ? scan.column(field.getIndex()) : -1;
    if (column < 0) {
      return -1;
    }
    return switch (type(column)) {
      case LIST, MAP, ANY -> -1;
      default -> column;
    };
  }

  /** Casts that only change whether null is legal, or a text's length bound, change no value. */
  private static RexNode withoutNullabilityCast(RexNode node) {
    if (node instanceof RexCall call && call.getKind() == SqlKind.CAST) {
      RexNode inner = call.getOperands().get(0);
      SqlTypeName from = inner.getType().getSqlTypeName();
      SqlTypeName to = call.getType().getSqlTypeName();
      boolean unbounded = call.getType().getPrecision() == inner.getType().getPrecision();
      if (from == to && (unbounded || from == SqlTypeName.BIGINT || from == SqlTypeName.INTEGER)) {
        return inner;
      }
    }
    return node;
  }

  private static @Nullable Operand operand(RexNode node, DataType type) {
    RexNode bare = withoutNullabilityCast(node);
    if (bare instanceof RexDynamicParam parameter) {
      return TypeMapping.toLarder(parameter.getType()) == type
          ? new Operand.Parameter(parameter.getIndex(), type)
          : null;
    }
    if (!(bare instanceof RexLiteral literal) || literal.isNull()) {
      return null;
    }
    Object value = value(literal, type);
    try {
      return value == null ? null : new Operand.Constant(type.convert(value));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Object value(RexLiteral literal, DataType type) {
    DataType given = TypeMapping.toLarder(literal.getType());
    return switch (type) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL ->
          isNumber(given) ? literal.getValueAs(BigDecimal.class) : null;
      case REAL, DOUBLE -> isNumber(given) ? literal.getValueAs(Double.class) : null;
      case VARCHAR -> given == DataType.VARCHAR ? literal.getValueAs(String.class) : null;
      case BOOLEAN -> given == DataType.BOOLEAN ? literal.getValueAs(Boolean.class) : null;
      case DATE, TIME -> given == type ? internal(type, literal.getValueAs(Integer.class)) : null;
      case TIMESTAMP -> given == type ? internal(type, literal.getValueAs(Long.class)) : null;
      default -> null;
    };
  }

  private static @Nullable Object internal(DataType type, @Nullable Object value) {
    return TypeMapping.fromInternal(type, value);
  }

  private static boolean isNumber(DataType type) {
    return switch (type) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s, then %s", conditions, remaining);
  }
}
