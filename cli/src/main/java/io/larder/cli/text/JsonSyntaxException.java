package io.larder.cli.text;

/** A text that is no JSON; the message says what was found and what was expected. */
public final class JsonSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int column;

  JsonSyntaxException(int column, String message) {
    super(message);
    this.column = column;
  }

  /** Returns the place in the text, counted from 1. */
  public int column() {
    return column;
  }
}
