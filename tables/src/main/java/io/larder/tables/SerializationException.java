package io.larder.tables;

import io.larder.engine.api.LarderException;

/** An object cannot become bytes, or bytes must not become an object of that class; the message names the class and how to allow it. */
public final class SerializationException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the place, what was found and what was expected. */
  public SerializationException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public SerializationException(String message, Throwable cause) {
    super(message, cause);
  }
}
