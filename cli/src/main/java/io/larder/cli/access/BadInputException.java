package io.larder.cli.access;

/**
 * What a user gave does not fit; the message names the place, what was found and what was expected.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public BadInputException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
