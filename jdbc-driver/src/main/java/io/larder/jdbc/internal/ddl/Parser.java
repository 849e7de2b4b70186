package io.larder.jdbc.internal.ddl;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.token.TokenKind;
import io.larder.jdbc.internal.token.Tokenizer;

/** What the parsers of definitions share: expectations that fail with the place. */
final class Parser {
  private final Tokenizer tokens;

  Parser(String sql) {
    this.tokens = new Tokenizer(sql);
  }

  Tokenizer tokens() {
    return tokens;
  }

  StatementException failure(String expected) {
    String found = tokens.kind() == TokenKind.END ? "the end" : "'" + tokens.text() + "'";
    return new StatementException(
        SqlState.SYNTAX,
        "found " + found + " at position " + (tokens.start() + 1) + ", expected " + expected);
  }

  void expect(String keyword) {
    if (!tokens.accept(keyword)) {
      throw failure(keyword);
    }
  }

  void expectSymbol(String symbol) {
    if (!tokens.acceptSymbol(symbol)) {
      throw failure("'" + symbol + "'");
    }
  }

  void expectEnd() {
    if (!tokens.acceptEnd()) {
      throw failure("the end of the statement");
    }
  }

  String name(String what) {
    if (tokens.kind() != TokenKind.WORD && tokens.kind() != TokenKind.QUOTED_NAME) {
      throw failure("the name of " + what);
    }
    String name = tokens.text();
    if (name.isEmpty()) {
      throw failure("a name that is not empty");
    }
    tokens.advance();
    return name;
  }

  /** Parses {@code [PUBLIC.]table}. */
  String tableName() {
    String name = name("a table");
    if (tokens.acceptSymbol(".")) {
      if (!name.equalsIgnoreCase("PUBLIC")) {
        throw new StatementException(
            SqlState.NO_SUCH_TABLE, "no schema " + name + ", the only one is PUBLIC");
      }
      name = name("a table");
    }
    return name;
  }

  int number(String what) {
    if (tokens.kind() != TokenKind.INTEGER || tokens.text().length() > 9) {
      throw failure(what);
    }
    int number = Integer.parseInt(tokens.text());
    tokens.advance();
    return number;
  }
}
