package io.larder.engine.api;

/**
 * A backup or restore cannot be done as asked: the backup is not there, the target is not empty, the point in time is not
 * covered. Nothing was changed.
 */
public final class BackupException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public BackupException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public BackupException(String message, Throwable cause) {
    super(message, cause);
  }
}
