package io.larder.engine.api;

/** The path exists and is not a Larder database, or does not exist and must. */
public final class NotADatabaseException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public NotADatabaseException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public NotADatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
