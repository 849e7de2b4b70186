package io.larder.engine;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.LarderUri;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;

/** Opens databases, and shares the open ones inside the JVM. Thread-safe. */
public final class Databases {
  private Databases() {}

  /**
   * Opens the database a URI names; parameters that are not the engine's are left to those they belong to.
   *
   * @throws io.larder.engine.api.InvalidOptionException if an option is wrong or contradicts the open one
   * @throws io.larder.engine.api.DatabaseLockedException if another process holds the database
   * @throws io.larder.engine.api.NotADatabaseException if the directory holds something else
   */
  public static Database open(LarderUri uri) {
    return open(uri.location(), DatabaseOptions.of(uri.parameters()));
  }

  /** Opens a database, or joins it if this JVM has it open already. */
  public static Database open(DatabaseLocation location, DatabaseOptions options) {
    throw new UnsupportedOperationException("lands with the engines: " + location + options);
  }

  /** Opens a database through a file system and clock of the caller's; it is not shared. */
  public static Database open(
      DatabaseLocation.Directory location,
      DatabaseOptions options,
      FileSystem fileSystem,
      Clock clock) {
    throw new UnsupportedOperationException(
        "lands with the engines: " + location + options + fileSystem + clock);
  }
}
