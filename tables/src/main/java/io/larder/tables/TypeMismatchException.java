package io.larder.tables;

import io.larder.engine.api.LarderException;

/** A value does not fit the type of its column, key or value; the message names table, column, value and type. */
public final class TypeMismatchException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public TypeMismatchException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public TypeMismatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
