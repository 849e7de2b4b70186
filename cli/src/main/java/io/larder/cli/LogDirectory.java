package io.larder.cli;

import io.larder.cli.access.NotFoundException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.engine.LogFiles;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.LogSegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where a log is: a database, an archive, or one segment file. Stateless. */
final class LogDirectory {
  private LogDirectory() {}

  /** Returns the path a user named. */
  static Path path(String text) {
    Path path = Path.of(text);
    if (Files.exists(path)) {
      return path;
    }
    if (OpenedDatabase.uri(text).location() instanceof DatabaseLocation.Directory directory) {
      path = directory.path();
    }
    if (!Files.exists(path)) {
      throw new NotFoundException(path + ": found nothing there, expected a directory with a log");
    }
    return path;
  }

  /** Returns the segments of a directory, or the one that a file is. */
  static List<LogSegment> segments(String text) {
    Path path = path(text);
    List<LogSegment> segments =
        Files.isDirectory(path) ? LogFiles.list(path) : List.of(LogFiles.describe(path));
    if (segments.isEmpty()) {
      throw new NotFoundException(path + ": found no log segment (*.wal)");
    }
    return segments;
  }
}
