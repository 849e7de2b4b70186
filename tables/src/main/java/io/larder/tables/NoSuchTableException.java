package io.larder.tables;

import io.larder.engine.api.LarderException;

/** There is no table of that name, or none any more. */
public final class NoSuchTableException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public NoSuchTableException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public NoSuchTableException(String message, Throwable cause) {
    super(message, cause);
  }
}
