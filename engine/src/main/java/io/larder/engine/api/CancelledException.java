package io.larder.engine.api;

/** A {@link ProgressListener} asked for the end of an operation; everything is as it was before. */
public final class CancelledException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the operation and how far it was. */
  public CancelledException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public CancelledException(String message, Throwable cause) {
    super(message, cause);
  }
}
