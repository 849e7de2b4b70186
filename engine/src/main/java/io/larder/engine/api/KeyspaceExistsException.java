package io.larder.engine.api;

/** A keyspace of that name exists already. */
public final class KeyspaceExistsException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public KeyspaceExistsException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public KeyspaceExistsException(String message, Throwable cause) {
    super(message, cause);
  }
}
