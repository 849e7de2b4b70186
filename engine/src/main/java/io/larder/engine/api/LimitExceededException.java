package io.larder.engine.api;

/** A key, value, batch, transaction or the memory is over its limit; the message names both numbers. */
public final class LimitExceededException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public LimitExceededException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public LimitExceededException(String message, Throwable cause) {
    super(message, cause);
  }
}
