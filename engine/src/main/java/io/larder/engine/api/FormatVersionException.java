package io.larder.engine.api;

/** The files were written by a newer, or a too old, version of Larder. */
public final class FormatVersionException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public FormatVersionException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public FormatVersionException(String message, Throwable cause) {
    super(message, cause);
  }
}
