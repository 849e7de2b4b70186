package io.larder.engine.api;

/** One or more options or a URI are wrong; the message lists every violation. */
public final class InvalidOptionException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public InvalidOptionException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public InvalidOptionException(String message, Throwable cause) {
    super(message, cause);
  }
}
