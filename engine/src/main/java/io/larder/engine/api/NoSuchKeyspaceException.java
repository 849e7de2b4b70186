package io.larder.engine.api;

/** No keyspace has that name. */
public final class NoSuchKeyspaceException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public NoSuchKeyspaceException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public NoSuchKeyspaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
