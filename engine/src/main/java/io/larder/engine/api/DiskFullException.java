package io.larder.engine.api;

/**
 * There is no room on the disk for a change, of which nothing was written. Reads go on, and so do, as long as what is kept in
 * reserve for them lasts, deletes and the dropping of keyspaces; all writes go on once there is room, without a reopening.
 */
public final class DiskFullException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with what the disk said. */
  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
