package io.larder.cli.access;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.Option;
import io.larder.tables.Store;
import io.larder.tables.StoreOptions;
import io.larder.tables.Table;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A database as a command uses it: the engine's, and its tables if it has any. Not thread-safe;
 * whoever opened it closes it.
 */
public final class OpenedDatabase implements AutoCloseable {
  private static final String CATALOG = "larder:catalog";

  private final Database database;
  private final @Nullable Store store;

  private OpenedDatabase(Database database, @Nullable Store store) {
    this.database = database;
    this.store = store;
  }

  /**
   * Reads how a user names a database: a {@code larder:} URI, the same behind {@code jdbc:}, or a
   * directory.
   *
   * @throws io.larder.engine.api.InvalidOptionException if it is neither, or an option is unknown
   *     or wrong
   */
  public static LarderUri uri(String text) {
    LarderUri uri;
    if (text.toLowerCase(Locale.ROOT).startsWith("larder:")
        || text.toLowerCase(Locale.ROOT).startsWith("jdbc:")) {
      uri = LarderUri.parse(text);
    } else {
      try {
        uri = new LarderUri(new DatabaseLocation.Directory(Path.of(text)), Map.of());
      } catch (InvalidPathException e) {
        throw new BadInputException("'" + text + "' is neither a larder: URI nor a directory", e);
      }
    }
    List<Option<?>> options = new ArrayList<>(EngineOptions.all());
    options.addAll(StoreOptions.all());
    EngineOptions.validate(uri, options);
    return uri;
  }

  /** Opens a database that is there; one without tables is not given any. */
  public static OpenedDatabase existing(LarderUri uri) {
    if (uri.location() instanceof DatabaseLocation.Directory directory
        && !Files.exists(directory.path())) {
      throw new NotFoundException(
          directory.path() + ": found no such directory, expected one with a database");
    }
    LarderUri found =
        uri.location() instanceof DatabaseLocation.Directory
            ? uri.with(EngineOptions.CREATE.name(), "false")
            : uri;
    Database database = Databases.open(found);
    try {
      boolean tables = database.findKeyspace(CATALOG).isPresent();
      return new OpenedDatabase(database, tables ? Store.open(found) : null);
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  /** Opens a database with its tables, creating what is missing. */
  public static OpenedDatabase created(LarderUri uri) {
    Database database = Databases.open(uri);
    try {
      return new OpenedDatabase(database, Store.open(uri));
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  /** Returns the engine's database; closed with this. */
  public Database database() {
    return database;
  }

  /** Returns the tables, if the database has any. */
  public Optional<Store> store() {
    return Optional.ofNullable(store);
  }

  /**
   * Finds a table, whatever the case of its name if only one has it, or a keyspace without types of
   * exactly that name.
   *
   * @param hex whether bytes without a type are written as hexadecimal digits
   * @throws NotFoundException if there is neither
   */
  public Target target(String name, boolean hex) {
    if (store != null) {
      Optional<Table> table = store.findTableIgnoringCase(name);
      if (table.isPresent()) {
        return new TypedTarget(table.get());
      }
    }
    Optional<Keyspace> keyspace = database.findKeyspace(name);
    if (keyspace.isPresent()) {
      return new RawTarget(keyspace.get(), hex);
    }
    List<String> names =
        database.keyspaceNames().stream().filter(each -> !isInternal(each)).toList();
    String known =
        names.isEmpty()
            ? "it has none"
            : "there are " + String.join(", ", names.subList(0, Math.min(10, names.size())));
    throw new NotFoundException(
        database.location()
            + ": found no table or keyspace '"
            + name
            + "'; "
            + known
            + (names.size() > 10 ? " and " + (names.size() - 10) + " more" : ""));
  }

  /** Returns whether a keyspace holds what the database needs itself. */
  public static boolean isInternal(String keyspaceName) {
    return keyspaceName.startsWith("larder:");
  }

  @Override
  public void close() {
    try {
      if (store != null) {
        store.close();
      }
    } finally {
      database.close();
    }
  }
}
