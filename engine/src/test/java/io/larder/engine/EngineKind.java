package io.larder.engine;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.spi.Clock;
import java.nio.file.Path;

/** The two engines, for tests that run on both. */
enum EngineKind {
  MEMORY {
    @Override
    Database open(DatabaseOptions options, Clock clock) {
      return Databases.open(new DatabaseLocation.InMemory("contract"), options, clock);
    }
  },
  DISK {
    @Override
    Database open(DatabaseOptions options, Clock clock) {
      DatabaseLocation.Directory directory = new DatabaseLocation.Directory(Path.of("/data/test"));
      return Databases.open(directory, options, new InMemoryFileSystem(), clock);
    }
  };

  /** Opens a new, empty database; one on disk has a disk of its own. */
  abstract Database open(DatabaseOptions options, Clock clock);

  Database open(Clock clock) {
    return open(DatabaseOptions.defaults(), clock);
  }
}
