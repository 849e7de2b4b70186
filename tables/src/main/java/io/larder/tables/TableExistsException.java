package io.larder.tables;

import io.larder.engine.api.LarderException;

/** A table of that name exists already. */
public final class TableExistsException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public TableExistsException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public TableExistsException(String message, Throwable cause) {
    super(message, cause);
  }
}
