package io.larder.engine.api;

/** Root of every error the engine reports; subclasses tell what the caller can do about it. */
public class LarderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public LarderException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public LarderException(String message, Throwable cause) {
    super(message, cause);
  }
}
