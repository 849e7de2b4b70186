package io.larder.engine.api;

/**
 * A snapshot, transaction or cursor is older than the option {@code snapshot.age} allows, and what it pinned has
 * been released; begin again.
 */
public final class SnapshotTooOldException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public SnapshotTooOldException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public SnapshotTooOldException(String message, Throwable cause) {
    super(message, cause);
  }
}
