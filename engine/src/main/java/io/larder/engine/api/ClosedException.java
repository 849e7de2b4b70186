package io.larder.engine.api;

/** The database, snapshot, cursor or transaction was already closed. */
public final class ClosedException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public ClosedException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public ClosedException(String message, Throwable cause) {
    super(message, cause);
  }
}
