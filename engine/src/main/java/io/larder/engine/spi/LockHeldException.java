package io.larder.engine.spi;

import java.io.IOException;

/** Thrown when a lock file is held by somebody else; carries what the holder wrote about itself. */
public final class LockHeldException extends IOException {
  private static final long serialVersionUID = 1L;
  private final String owner;

  /** Creates the exception; {@code owner} is empty where the holder left no readable text. */
  public LockHeldException(String message, String owner) {
    super(message);
    this.owner = owner;
  }

  /** Returns the text the holder wrote into the lock file, or an empty string. */
  public String owner() {
    return owner;
  }
}
