package io.larder.jdbc.internal.token;

/**
 * Walks over SQL text token by token; at first on the first token. Not thread-safe.
 *
 * <p>Skips blanks and comments. What it cannot name is {@link TokenKind#UNKNOWN}: the shapes parsed
 * over it then give up, and the full grammar has the last word.
 */
public final class Tokenizer {
  private final String sql;
  private int position;
  private int start;
  private TokenKind kind = TokenKind.END;
  private String text = "";

  /** Creates a tokenizer on the first token of a text. */
  public Tokenizer(String sql) {
    this.sql = sql;
    advance();
  }

  /** Returns the kind of the current token. */
  public TokenKind kind() {
    return kind;
  }

  /** Returns the current token: a name without quotes, a string's content, else as written. */
  public String text() {
    return text;
  }

  /** Returns where the current token starts. */
  public int start() {
    return start;
  }

  /** Returns the text from a position up to the start of the current token. */
  public String textSince(int from) {
    return sql.substring(from, start).strip();
  }

  /** Returns the text from the current token on. */
  public String rest() {
    return sql.substring(start);
  }

  /** Returns whether the current token is the keyword. */
  public boolean is(String keyword) {
    return kind == TokenKind.WORD && text.equalsIgnoreCase(keyword);
  }

  /** Returns whether the current token is the symbol. */
  public boolean isSymbol(String symbol) {
    return kind == TokenKind.SYMBOL && text.equals(symbol);
  }

  /** Moves past the keyword if it is the current token, and returns whether it was. */
  public boolean accept(String keyword) {
    if (is(keyword)) {
      advance();
      return true;
    }
    return false;
  }

  /** Moves past the symbol if it is the current token, and returns whether it was. */
  public boolean acceptSymbol(String symbol) {
    if (isSymbol(symbol)) {
      advance();
      return true;
    }
    return false;
  }

  /** Moves past a trailing semicolon, if any, and returns whether the text ends there. */
  public boolean acceptEnd() {
    acceptSymbol(";");
    return kind == TokenKind.END;
  }

  /** Moves to the next token. */
  public void advance() {
    skipBlanks();
    start = position;
    if (position >= sql.length()) {
      kind = TokenKind.END;
      text = "";
      return;
    }
    char first = sql.charAt(position);
    if (Character.isLetter(first) || first == '_') {
      word();
    } else if (isDigit(first) || (first == '.' && isDigit(peek(1)))) {
      number();
    } else if (first == '\'') {
      quoted('\'', TokenKind.STRING);
    } else if (first == '"') {
      quoted('"', TokenKind.QUOTED_NAME);
    } else if (first == '?') {
      position++;
      set(TokenKind.PARAMETER);
    } else {
      symbol(first);
    }
  }

  private void skipBlanks() {
    int length = sql.length();
    while (position < length) {
      char c = sql.charAt(position);
      if (c <= ' ') {
        position++;
      } else if (c == '-' && peek(1) == '-') {
        int end = sql.indexOf('\n', position);
        position = end < 0 ? length : end + 1;
      } else if (c == '/' && peek(1) == '*') {
        int end = sql.indexOf("*/", position + 2);
        position = end < 0 ? length : end + 2;
      } else {
        return;
      }
    }
  }

  private void word() {
    int end = position + 1;
    while (end < sql.length() && isNamePart(sql.charAt(end))) {
      end++;
    }
    position = end;
    // N'..', U&'..', X'..' and the like are the full grammar's.
    boolean prefixed = peek(0) == '\'' && end - start <= 2;
    set(prefixed || (peek(0) == '&') ? TokenKind.UNKNOWN : TokenKind.WORD);
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private void number() {
    TokenKind number = TokenKind.INTEGER;
    while (isDigit(peek(0))) {
      position++;
    }
    if (peek(0) == '.') {
      number = TokenKind.DECIMAL;
      position++;
      while (isDigit(peek(0))) {
        position++;
      }
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      number = TokenKind.DOUBLE;
      position++;
      if (peek(0) == '+' || peek(0) == '-') {
        position++;
      }
      if (!isDigit(peek(0))) {
        number = TokenKind.UNKNOWN;
      }
      while (isDigit(peek(0))) {
        position++;
      }
    }
    set(isNamePart(peek(0)) ? TokenKind.UNKNOWN : number);
  }

  private void quoted(char quote, TokenKind closedKind) {
    int from = position + 1;
    int end = sql.indexOf(quote, from);
    boolean doubled = false;
    while (end >= 0 && end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
      doubled = true;
      end = sql.indexOf(quote, end + 2);
    }
    if (end < 0) {
      position = sql.length();
      set(TokenKind.UNKNOWN);
      return;
    }
    position = end + 1;
    kind = closedKind;
    text = sql.substring(from, end);
    if (doubled) {
      String mark = String.valueOf(quote);
      text = text.replace(mark + mark, mark);
    }
  }

  private void symbol(char first) {
    char second = peek(1);
    boolean two =
        (first == '<' && (second == '=' || second == '>'))
            || (first == '>' && second == '=')
            || (first == '!' && second == '=')
            || (first == '|' && second == '|')
            || (first == ':' && second == ':');
    position += two ? 2 : 1;
    set("=<>!(),.*+-/;|:%[]".indexOf(first) < 0 ? TokenKind.UNKNOWN : TokenKind.SYMBOL);
  }

  private void set(TokenKind newKind) {
    kind = newKind;
    text = sql.substring(start, position);
  }

  private char peek(int ahead) {
    int at = position + ahead;
    return at < sql.length() ? sql.charAt(at) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
