package io.larder.cli;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DatabaseLockedException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Turns exceptions into what a person wants to read. */
final class Errors {

  private Errors() {}

  /**
   * Returns the message in one line, with a few words where the JDK's own message is only a path.
   */
  static String text(Throwable exception) {
    return textOf(exception).strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static String textOf(Throwable exception) {
    String message = exception.getMessage();
    if (message == null || message.isBlank()) {
      return exception.toString();
    } else if (exception instanceof NoSuchFileException) {
      return "no such file: " + message;
    } else if (exception instanceof AccessDeniedException) {
      return "permission denied: " + message;
    }
    return message;
  }

  /** Returns what can still be done, a line each. */
  static List<String> hints(Throwable exception) {
    if (exception instanceof DatabaseLockedException) {
      return List.of(
          "hint: one process at a time has a database open. Meanwhile these work: verify --live, wal"
              + " list, wal inspect, backup list, verify and restore, recovery-points list. For the"
              + " rest ask the one named above (its JCache, SQL, Database.statistics(),"
              + " Database.backup()), or stop it and try again.");
    } else if (exception instanceof CorruptionException) {
      return List.of(
          "hint: nothing was changed. 'larder verify' says what is damaged, 'larder recover"
              + " --from-backup' goes back to a backup, 'larder repair' saves what can be read;"
              + " docs/operations.md says which when.");
    }
    return List.of();
  }
}
