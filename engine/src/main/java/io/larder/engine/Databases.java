package io.larder.engine;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.database.EmbeddedDatabase;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.internal.memory.MemoryEngine;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.Evictor;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Opens databases, and shares the open ones inside the JVM: whoever opens a directory (by whatever path) or an
 * in-memory name that is open already gets one more handle on the same database. Thread-safe.
 */
public final class Databases {
  private static final SharedDatabases SHARED = new SharedDatabases();

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

  /**
   * Opens a database, or joins it if this JVM has it open already; then options given must not contradict the open
   * ones, and options left out are the open ones. An in-memory database is forgotten at the last close.
   *
   * @throws io.larder.engine.api.InvalidOptionException if an option contradicts the open one
   * @throws io.larder.engine.api.DatabaseLockedException if another process holds the database
   * @throws io.larder.engine.api.NotADatabaseException if the directory holds something else
   */
  public static Database open(DatabaseLocation location, DatabaseOptions options) {
    options.requireFit(location);
    if (location instanceof DatabaseLocation.Directory unstored && !options.persistent()) {
      String name = unstored.path().toAbsolutePath().normalize().toString();
      return open(new DatabaseLocation.InMemory(name), options);
    }
    if (location instanceof DatabaseLocation.InMemory memory) {
      return SHARED.open(
          memory, options, () -> inMemory(memory, options, SystemClock.instance(), null));
    }
    DatabaseLocation.Directory directory = (DatabaseLocation.Directory) location;
    FileSystem fileSystem = LocalFileSystem.instance();
    Clock clock = SystemClock.instance();
    Path real = realPath(fileSystem, directory.path().toAbsolutePath(), options);
    return SHARED.open(
        real,
        options,
        () -> onDisk(new DatabaseLocation.Directory(real), options, fileSystem, clock));
  }

  /** Finds the one name of a directory, which is created if need be, since only what exists has one. */
  private static Path realPath(FileSystem fileSystem, Path path, DatabaseOptions options) {
    try {
      if (!fileSystem.exists(path)) {
        if (!options.create()) {
          throw new NotADatabaseException(
              path + ": found nothing there, and the option create=false says not to create it");
        }
        fileSystem.createDirectories(path);
      }
      return fileSystem.realPath(path);
    } catch (IOException e) {
      throw new StorageException(path + ": could not be opened: " + e, e);
    }
  }

  /**
   * Opens a database through a file system and clock of the caller's. It is not shared: the caller's handle is the
   * only one.
   */
  public static Database open(
      DatabaseLocation.Directory location,
      DatabaseOptions options,
      FileSystem fileSystem,
      Clock clock) {
    EmbeddedDatabase database = onDisk(location, options, fileSystem, clock);
    return database.newHandle(database::close);
  }

  /** Opens an in-memory database by a clock of the caller's; it is not shared. */
  public static Database open(
      DatabaseLocation.InMemory location, DatabaseOptions options, Clock clock) {
    EmbeddedDatabase database = inMemory(location, options, clock, null);
    return database.newHandle(database::close);
  }

  /**
   * Opens an in-memory database, or joins it if this JVM has it open already, whose entries leave it as an evictor of
   * the caller's says when it is full. One that is joined keeps the evictor it has.
   *
   * @throws io.larder.engine.api.InvalidOptionException if an option contradicts the open one, or {@code memory.full}
   *     is not {@code evict}
   */
  public static Database open(
      DatabaseLocation.InMemory location, DatabaseOptions options, Evictor evictor) {
    if (!options.evicting()) {
      throw new InvalidOptionException(
          "Invalid option: memory.full: found 'reject', expected evict for a database with an"
              + " evictor");
    }
    return SHARED.open(
        location, options, () -> inMemory(location, options, SystemClock.instance(), evictor));
  }

  private static EmbeddedDatabase onDisk(
      DatabaseLocation.Directory location,
      DatabaseOptions options,
      FileSystem fileSystem,
      Clock clock) {
    return new DatabasesOnDisk(location, options, fileSystem, clock, () -> uniqueNumber(clock))
        .open();
  }

  private static EmbeddedDatabase inMemory(
      DatabaseLocation.InMemory location,
      DatabaseOptions options,
      Clock clock,
      @Nullable Evictor evictor) {
    return new EmbeddedDatabase(
        location,
        options,
        new MemoryEngine(location.name(), options, uniqueNumber(clock), clock, evictor),
        clock);
  }

  /** A number no other database has, and nobody outside knows: the moment, well mixed (Stafford's mix 13). */
  private static long uniqueNumber(Clock clock) {
    long mixed = clock.nanoTime() ^ Long.rotateLeft(clock.currentTimeMillis(), 32);
    mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
