package io.larder.jdbc.internal.token;

/** The kinds of tokens in SQL text. */
public enum TokenKind {
  /** An unquoted name or keyword. */
  WORD,
  /** A name in double quotes. */
  QUOTED_NAME,
  /** A whole number. */
  INTEGER,
  /** A number with a point and no exponent. */
  DECIMAL,
  /** A number with an exponent. */
  DOUBLE,
  /** A text in single quotes. */
  STRING,
  /** A question mark. */
  PARAMETER,
  /** An operator or a punctuation mark. */
  SYMBOL,
  /** Something that starts no token this tokenizer knows. */
  UNKNOWN,
  /** The end of the text. */
  END
}
