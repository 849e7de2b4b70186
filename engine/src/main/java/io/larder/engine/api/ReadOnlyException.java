package io.larder.engine.api;

/** A write was asked of something opened for reading only. */
public final class ReadOnlyException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public ReadOnlyException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public ReadOnlyException(String message, Throwable cause) {
    super(message, cause);
  }
}
