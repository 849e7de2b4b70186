package io.larder.engine.api;

/** Another process, or another open database of this one, holds the directory; the message names it. */
public final class DatabaseLockedException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public DatabaseLockedException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public DatabaseLockedException(String message, Throwable cause) {
    super(message, cause);
  }
}
