package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.Condition;
import io.larder.jdbc.internal.access.Condition.Test;
import io.larder.jdbc.internal.access.Operand;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.access.TableViews;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.token.Literals;
import io.larder.jdbc.internal.token.TokenKind;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the shapes share: names, operands, conditions. Parses one statement. */
abstract class Shape {
  /** Words that cannot be the name of a column or table without quotes, or mean something else. */
  private static final Set<String> RESERVED =
      ignoringCase(
          "ALL",
          "AND",
          "ANY",
          "AS",
          "ASC",
          "BETWEEN",
          "BY",
          "CASE",
          "CAST",
          "CROSS",
          "CURRENT_CATALOG",
          "CURRENT_DATE",
          "CURRENT_PATH",
          "CURRENT_ROLE",
          "CURRENT_SCHEMA",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "CURRENT_USER",
          "DATE",
          "DEFAULT",
          "DELETE",
          "DESC",
          "DISTINCT",
          "EXCEPT",
          "EXISTS",
          "FALSE",
          "FETCH",
          "FOR",
          "FROM",
          "FULL",
          "GROUP",
          "HAVING",
          "IN",
          "INNER",
          "INSERT",
          "INTERSECT",
          "INTERVAL",
          "INTO",
          "IS",
          "JOIN",
          "LEFT",
          "LIKE",
          "LIMIT",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "MINUS",
          "NATURAL",
          "NEXT",
          "NOT",
          "NULL",
          "OFFSET",
          "ON",
          "OR",
          "ORDER",
          "OUTER",
          "QUALIFY",
          "RIGHT",
          "ROW",
          "SELECT",
          "SESSION_USER",
          "SET",
          "SOME",
          "STREAM",
          "SYSTEM_USER",
          "TABLE",
          "TABLESAMPLE",
          "TIME",
          "TIMESTAMP",
          "TRUE",
          "UNION",
          "UNKNOWN",
          "UPDATE",
          "USER",
          "USING",
          "VALUES",
          "WHERE",
          "WINDOW",
          "WITH");

  /** The only schema. */
  private static final String SCHEMA = "PUBLIC";

  private static Set<String> ignoringCase(String... words) {
    Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    set.addAll(List.of(words));
    return Collections.unmodifiableSet(set);
  }

  final TableViews tables;
  final Tokenizer tokens;
  final List<ParameterInfo> parameters = new ArrayList<>();

  Shape(TableViews tables, Tokenizer tokens) {
    this.tables = tables;
    this.tokens = tokens;
  }

  static UnknownShapeException unknown() {
    return UnknownShapeException.INSTANCE;
  }

  final void expect(String keyword) {
    if (!tokens.accept(keyword)) {
      throw unknown();
    }
  }

  final void expectSymbol(String symbol) {
    if (!tokens.acceptSymbol(symbol)) {
      throw unknown();
    }
  }

  final void expectEnd() {
    if (!tokens.acceptEnd()) {
      throw unknown();
    }
  }

  final boolean atName() {
    return tokens.kind() == TokenKind.QUOTED_NAME
        || (tokens.kind() == TokenKind.WORD && !RESERVED.contains(tokens.text()));
  }

  final String name() {
    if (!atName()) {
      throw unknown();
    }
    String name = tokens.text();
    tokens.advance();
    return name;
  }

  /** Parses {@code [PUBLIC.]table}. */
  final TableView table() {
    String name = name();
    if (tokens.acceptSymbol(".")) {
      if (!name.equalsIgnoreCase(SCHEMA)) {
        throw unknown();
      }
      name = name();
    }
    TableView view = tables.find(name);
    if (view == null) {
      throw unknown();
    }
    return view;
  }

  /** Returns the column of a name; none is left for the full grammar to report. */
  static int named(TableView view, String name) {
    int column = view.find(name);
    if (column < 0) {
      throw unknown();
    }
    return column;
  }

  /** Parses a column, with or without the table's name or alias in front. */
  final int column(TableView view, @Nullable String alias) {
    String name = name();
    if (tokens.acceptSymbol(".")) {
      String expected = alias == null ? view.name() : alias;
      if (!name.equalsIgnoreCase(expected)) {
        throw unknown();
      }
      name = name();
    }
    if (tokens.isSymbol("(") || tokens.isSymbol(".") || tokens.isSymbol("[")) {
      throw unknown();
    }
    return named(view, name);
  }

  /** Parses a literal or parameter that is stored in a column, or compared with it. */
  final Operand operand(DataType type) {
    if (tokens.kind() == TokenKind.PARAMETER) {
      tokens.advance();
      parameters.add(new ParameterInfo(type));
      return new Operand.Parameter(parameters.size() - 1, type);
    }
    try {
      Object literal = Literals.parse(tokens);
      requireEndOfOperand();
      return new Operand.Constant(fit(literal, type));
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  /** A literal followed by an operator is an expression, and those are not ours. */
  private void requireEndOfOperand() {
    if (tokens.kind() == TokenKind.SYMBOL) {
      switch (tokens.text()) {
        case ",", ")", ";" -> {}
        default -> throw unknown();
      }
    } else if (tokens.kind() == TokenKind.STRING) {
      throw unknown();
    }
  }

  /** Returns a literal in a column's type where that is beyond doubt. */
  private static @Nullable Object fit(@Nullable Object literal, DataType type) {
    boolean sure =
        literal == null
            || switch (type) {
              case TINYINT, SMALLINT, INTEGER, BIGINT -> literal instanceof Long;
              case DECIMAL -> literal instanceof Long || literal instanceof BigDecimal;
              case REAL -> literal instanceof Long whole && Math.abs(whole) < 1 << 24;
              case DOUBLE ->
                  literal instanceof Double
                      || literal instanceof BigDecimal
                      || (literal instanceof Long whole && Math.abs(whole) < 1L << 53);
              case BOOLEAN -> literal instanceof Boolean;
              case VARCHAR -> literal instanceof String;
              case DATE -> literal instanceof java.time.LocalDate;
              case TIME -> literal instanceof java.time.LocalTime;
              case TIMESTAMP -> literal instanceof java.time.LocalDateTime;
              default -> false;
            };
    if (!sure) {
      throw unknown();
    }
    return type.convert(literal);
  }

  /** Parses {@code WHERE condition AND condition ...}, if there is one. */
  final List<Condition> where(TableView view, @Nullable String alias) {
    List<Condition> conditions = new ArrayList<>();
    if (tokens.accept("WHERE")) {
      do {
        condition(view, alias, conditions);
      } while (tokens.accept("AND"));
    }
    return conditions;
  }

  private void condition(TableView view, @Nullable String alias, List<Condition> target) {
    int column = column(view, alias);
    DataType type = view.type(column);
    if (tokens.accept("IS")) {
      Test test = tokens.accept("NOT") ? Test.IS_NOT_NULL : Test.IS_NULL;
      expect("NULL");
      target.add(new Condition(column, type, test, List.of()));
      return;
    }
    requireComparable(type);
    if (tokens.accept("BETWEEN")) {
      Operand low = operand(type);
      expect("AND");
      target.add(new Condition(column, type, Test.GREATER_OR_EQUAL, List.of(low)));
      target.add(new Condition(column, type, Test.LESS_OR_EQUAL, List.of(operand(type))));
    } else if (tokens.accept("IN")) {
      target.add(new Condition(column, type, Test.IN, list(type)));
    } else if (tokens.accept("LIKE")) {
      if (type != DataType.VARCHAR) {
        throw unknown();
      }
      target.add(new Condition(column, type, Test.LIKE, List.of(operand(type))));
      if (tokens.is("ESCAPE")) {
        throw unknown();
      }
    } else {
      target.add(new Condition(column, type, comparison(), List.of(operand(type))));
    }
  }

  private static void requireComparable(DataType type) {
    switch (type) {
      case LIST, MAP, ANY -> throw unknown();
      default -> {}
    }
  }

  private List<Operand> list(DataType type) {
    List<Operand> operands = new ArrayList<>();
    expectSymbol("(");
    do {
      operands.add(operand(type));
    } while (tokens.acceptSymbol(","));
    expectSymbol(")");
    return List.copyOf(operands);
  }

  private Test comparison() {
    if (tokens.kind() != TokenKind.SYMBOL) {
      throw unknown();
    }
    Test test =
        switch (tokens.text()) {
          case "=" -> Test.EQUAL;
          case "<>", "!=" -> Test.NOT_EQUAL;
          case "<" -> Test.LESS;
          case "<=" -> Test.LESS_OR_EQUAL;
          case ">" -> Test.GREATER;
          case ">=" -> Test.GREATER_OR_EQUAL;
          default -> throw unknown();
        };
    tokens.advance();
    return test;
  }
}
