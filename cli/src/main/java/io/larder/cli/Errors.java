package io.larder.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Turns exceptions into what a person wants to read. */
final class Errors {

  private Errors() {}

  /** Returns the message, with a few words where the JDK's own message is only a path. */
  static String text(Throwable exception) {
    if (exception instanceof NoSuchFileException) {
      return "no such file: " + exception.getMessage();
    }
    if (exception instanceof AccessDeniedException) {
      return "permission denied: " + exception.getMessage();
    }
    String message = exception.getMessage();
    return message == null || message.isBlank() ? exception.toString() : message;
  }
}
