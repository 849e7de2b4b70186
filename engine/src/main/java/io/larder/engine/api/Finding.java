package io.larder.engine.api;

import java.nio.file.Path;

/**
 * Something wrong with a database. Immutable.
 *
 * @param file the file, or the directory if one is missing
 * @param problem what was found and what was expected
 */
public record Finding(Path file, String problem) {
  @Override
  public String toString() {
    return problem.startsWith(file.toString()) ? problem : file + ": " + problem;
  }
}
