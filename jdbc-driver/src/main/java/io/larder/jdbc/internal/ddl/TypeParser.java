package io.larder.jdbc.internal.ddl;

import io.larder.jdbc.internal.token.TokenKind;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.DataType;
import java.util.Locale;

/**
 * Parses the type of a column. Lengths, precisions and scales are read and not enforced: texts, bytes and
 * decimals keep what they are given, within the limit of values.
 */
final class TypeParser {
  private final Parser parser;
  private final Tokenizer tokens;

  TypeParser(Parser parser) {
    this.parser = parser;
    this.tokens = parser.tokens();
  }

  DataType parse() {
    if (tokens.kind() != TokenKind.WORD) {
      throw parser.failure("a type");
    }
    DataType type = named(tokens.text().toUpperCase(Locale.ROOT));
    if (type == null) {
      throw parser.failure(
          "a type: BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DECIMAL, VARCHAR,"
              + " VARBINARY, UUID, DATE, TIME, TIMESTAMP, TIMESTAMP WITH TIME ZONE, LIST, MAP, ANY");
    }
    boolean character = tokens.is("CHARACTER") || tokens.is("CHAR") || tokens.is("BINARY");
    boolean floating = tokens.is("DOUBLE");
    tokens.advance();
    if (character) {
      tokens.accept("VARYING");
    } else if (floating) {
      tokens.accept("PRECISION");
    }
    size();
    return type == DataType.TIMESTAMP || type == DataType.TIME ? zoned(type) : type;
  }

  private static @org.jspecify.annotations.Nullable DataType named(String word) {
    return switch (word) {
      case "INT", "INT4", "INTEGER" -> DataType.INTEGER;
      case "INT8", "BIGINT" -> DataType.BIGINT;
      case "INT2", "SMALLINT" -> DataType.SMALLINT;
      case "BOOL", "BOOLEAN" -> DataType.BOOLEAN;
      case "REAL", "FLOAT4" -> DataType.REAL;
      case "DOUBLE", "FLOAT", "FLOAT8" -> DataType.DOUBLE;
      case "DECIMAL", "NUMERIC", "DEC" -> DataType.DECIMAL;
      case "VARCHAR", "CHAR", "CHARACTER", "TEXT", "CLOB", "STRING" -> DataType.VARCHAR;
      case "VARBINARY", "BINARY", "BLOB", "BYTEA" -> DataType.VARBINARY;
      case "INSTANT", "TIMESTAMPTZ" -> DataType.INSTANT;
      case "DATETIME" -> DataType.TIMESTAMP;
      case "TINYINT", "UUID", "DATE", "TIME", "TIMESTAMP", "LIST", "MAP", "ANY" ->
          DataType.valueOf(word);
      default -> null;
    };
  }

  private void size() {
    if (tokens.acceptSymbol("(")) {
      do {
        parser.number("a number");
      } while (tokens.acceptSymbol(","));
      parser.expectSymbol(")");
    }
  }

  private DataType zoned(DataType type) {
    if (tokens.accept("WITHOUT")) {
      parser.expect("TIME");
      parser.expect("ZONE");
      return type;
    }
    if (!tokens.is("WITH") || type == DataType.TIME) {
      return type;
    }
    parser.expect("WITH");
    tokens.accept("LOCAL");
    parser.expect("TIME");
    parser.expect("ZONE");
    return DataType.INSTANT;
  }
}
