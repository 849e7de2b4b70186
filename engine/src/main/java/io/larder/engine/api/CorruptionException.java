package io.larder.engine.api;

/** Bytes on disk are not what was written: a checksum, a length, an identity or an order is wrong. */
public final class CorruptionException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public CorruptionException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public CorruptionException(String message, Throwable cause) {
    super(message, cause);
  }
}
