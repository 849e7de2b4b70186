package io.larder.jdbc.internal.ddl;

import io.larder.engine.api.Durations;
import io.larder.jdbc.internal.change.DefaultValue;
import io.larder.jdbc.internal.change.TimeToLive;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.token.Literals;
import io.larder.jdbc.internal.token.TokenKind;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.Store;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Parses what follows CREATE TABLE:
 *
 * <pre>
 * [IF NOT EXISTS] [PUBLIC.]name (element, ...) [WITH (option = 'value', ...)]
 * element: column type [NOT NULL | NULL] [DEFAULT value] [PRIMARY KEY]
 *        | [CONSTRAINT name] PRIMARY KEY (column, ...)
 * </pre>
 */
final class CreateTableParser {
  private final Store store;
  private final Parser parser;
  private final Tokenizer tokens;
  private final List<Column> columns = new ArrayList<>();
  private final List<String> key = new ArrayList<>();

  CreateTableParser(Store store, Parser parser) {
    this.store = store;
    this.parser = parser;
    this.tokens = parser.tokens();
  }

  Plan parse() {
    boolean ifNotExists = tokens.accept("IF");
    if (ifNotExists) {
      parser.expect("NOT");
      parser.expect("EXISTS");
    }
    String name = parser.tableName();
    parser.expectSymbol("(");
    do {
      element();
    } while (tokens.acceptSymbol(","));
    parser.expectSymbol(")");
    Map<String, String> attributes = tokens.accept("WITH") ? options() : Map.of();
    return new CreateTablePlan(store, definition(name, attributes), ifNotExists);
  }

  private void element() {
    if (tokens.is("CONSTRAINT") || tokens.is("PRIMARY")) {
      if (tokens.accept("CONSTRAINT")) {
        parser.name("a constraint");
      }
      parser.expect("PRIMARY");
      parser.expect("KEY");
      requireNoKey();
      parser.expectSymbol("(");
      do {
        key.add(parser.name("a column"));
      } while (tokens.acceptSymbol(","));
      parser.expectSymbol(")");
    } else if (tokens.is("UNIQUE") || tokens.is("CHECK") || tokens.is("FOREIGN")) {
      throw notSupported(tokens.text().toUpperCase(Locale.ROOT) + " constraints are");
    } else {
      column();
    }
  }

  private static StatementException notSupported(String what) {
    return new StatementException(SqlState.NOT_SUPPORTED, what + " not supported");
  }

  private void requireNoKey() {
    if (!key.isEmpty()) {
      throw new StatementException(SqlState.SYNTAX, "found a second PRIMARY KEY");
    }
  }

  private void column() {
    String name = parser.name("a column");
    DataType type = new TypeParser(parser).parse();
    boolean nullable = true;
    String defaultSql = null;
    while (!tokens.isSymbol(",") && !tokens.isSymbol(")")) {
      if (tokens.accept("NOT")) {
        parser.expect("NULL");
        nullable = false;
      } else if (tokens.accept("NULL")) {
        nullable = true;
      } else if (tokens.accept("DEFAULT")) {
        defaultSql = defaultValue(type);
      } else if (tokens.accept("PRIMARY")) {
        parser.expect("KEY");
        requireNoKey();
        key.add(name);
      } else if (tokens.is("UNIQUE") || tokens.is("CHECK") || tokens.is("REFERENCES")) {
        throw notSupported(tokens.text().toUpperCase(Locale.ROOT) + " constraints are");
      } else if (tokens.is("GENERATED") || tokens.is("AUTO_INCREMENT") || tokens.is("IDENTITY")) {
        throw notSupported("generated columns are");
      } else {
        throw parser.failure("NOT NULL, DEFAULT, PRIMARY KEY, ',' or ')'");
      }
    }
    columns.add(new Column(name, type, nullable, defaultSql));
  }

  /** Returns the text of the value after DEFAULT, checked. */
  private @Nullable String defaultValue(DataType type) {
    int from = tokens.start();
    if (tokens.accept("RANDOM_UUID")) {
      parser.expectSymbol("(");
      parser.expectSymbol(")");
    } else if (tokens.kind() == TokenKind.WORD && isTime(tokens.text())) {
      tokens.advance();
      if (tokens.isSymbol("(")) {
        tokens.advance();
        parser.expectSymbol(")");
      }
    } else {
      try {
        Literals.parse(tokens);
      } catch (IllegalArgumentException e) {
        throw parser.failure(
            "a literal, CURRENT_TIMESTAMP, CURRENT_DATE, CURRENT_TIME or RANDOM_UUID()");
      }
    }
    String text = tokens.textSince(from);
    text =
        text.endsWith("()") && isTime(text.substring(0, text.length() - 2))
            ? text.substring(0, text.length() - 2)
            : text;
    DefaultValue.parse(text, type);
    return text;
  }

  private static boolean isTime(String word) {
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME" ->
          true;
      default -> false;
    };
  }

  private Map<String, String> options() {
    Map<String, String> attributes = new TreeMap<>();
    parser.expectSymbol("(");
    do {
      String name = parser.name("an option").toLowerCase(Locale.ROOT);
      parser.expectSymbol("=");
      if (tokens.kind() != TokenKind.STRING) {
        throw parser.failure("a value in single quotes");
      }
      if (!name.equals(TimeToLive.ATTRIBUTE)) {
        throw new StatementException(
            SqlState.SYNTAX, "found table option " + name + ", expected " + TimeToLive.ATTRIBUTE);
      }
      String value = tokens.text();
      Durations.parse(value);
      attributes.put(name, value);
      tokens.advance();
    } while (tokens.acceptSymbol(","));
    parser.expectSymbol(")");
    return attributes;
  }

  private TableDefinition definition(String table, Map<String, String> attributes) {
    if (key.isEmpty()) {
      throw new StatementException(
          SqlState.SYNTAX, "table " + table + " has no PRIMARY KEY; name its key column");
    }
    requireDifferentNames(table);
    List<Column> keyColumns = new ArrayList<>();
    List<Column> rest = new ArrayList<>(columns);
    for (String name : key) {
      Column found =
          rest.stream()
              .filter(column -> column.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new StatementException(
                          SqlState.NO_SUCH_COLUMN,
                          "PRIMARY KEY names "
                              + name
                              + ", table "
                              + table
                              + " has no such column"));
      rest.remove(found);
      keyColumns.add(new Column(found.name(), found.type(), false, found.defaultSql()));
    }
    return new TableDefinition(table, keyColumns, ValueKind.ROW, rest, attributes);
  }

  private void requireDifferentNames(String table) {
    List<String> seen = new ArrayList<>();
    seen.add(TableDefinition.EXPIRES_AT.name());
    for (Column column : columns) {
      String name = column.name().toLowerCase(Locale.ROOT);
      if (seen.contains(name)) {
        throw new StatementException(
            SqlState.COLUMN_EXISTS,
            "table "
                + table
                + " has two columns "
                + column.name()
                + " (expires_at is always there)");
      }
      seen.add(name);
    }
  }
}
