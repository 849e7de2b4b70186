package io.larder.engine.api;

/** A transaction met a change committed since its snapshot; begin again. */
public final class ConflictException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public ConflictException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public ConflictException(String message, Throwable cause) {
    super(message, cause);
  }
}
