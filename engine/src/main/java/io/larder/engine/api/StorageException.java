package io.larder.engine.api;

/** The machine refused a read or a write (I/O error, disk full, permissions); the cause says why. */
public final class StorageException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public StorageException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
