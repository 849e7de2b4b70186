package io.larder.engine.api;

/** A write or sync failed earlier, so this handle takes no more writes; reads go on, reopening recovers. */
public final class WritesStoppedException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public WritesStoppedException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public WritesStoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
