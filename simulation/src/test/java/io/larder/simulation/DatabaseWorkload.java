package io.larder.simulation;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.spi.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A seeded run of commits, keyspace changes, flushes, compactions and reopenings on a database. The steps are
 * taken by one thread; the engine's own threads work beside it.
 */
final class DatabaseWorkload {
  static final Path DIRECTORY = Path.of("/disk/shop");
  private static final long FAR_FUTURE_MILLIS = 4_000_000_000_000L;
  private static final List<String> NAMES = List.of("orders", "people", "stock");

  /** What a workload mostly does. */
  enum Mix {
    /** Commits, and a little of everything else. */
    GENERAL,
    /** Keyspaces created, dropped, cleared and renamed, with commits and flushes between. */
    KEYSPACES
  }

  private final InMemoryFileSystem fileSystem;
  private final Mix mix;
  private final Clock clock = new ManualClock();
  private final Random random;
  private final int steps;
  private final DatabaseModel model;
  private @Nullable Database database;

  DatabaseWorkload(InMemoryFileSystem fileSystem, long seed, int steps) throws IOException {
    this(fileSystem, seed, steps, Mix.GENERAL);
  }

  DatabaseWorkload(InMemoryFileSystem fileSystem, long seed, int steps, Mix mix)
      throws IOException {
    this(fileSystem, seed, steps, mix, new DatabaseModel());
    fileSystem.createDirectories(DIRECTORY.getParent());
  }

  /** Creates a workload that goes on with a database which holds the model's newest state. */
  DatabaseWorkload(InMemoryFileSystem fileSystem, long seed, int steps, DatabaseModel model) {
    this(fileSystem, seed, steps, Mix.GENERAL, model);
  }

  private DatabaseWorkload(
      InMemoryFileSystem fileSystem, long seed, int steps, Mix mix, DatabaseModel model) {
    this.fileSystem = fileSystem;
    this.mix = mix;
    this.random = new Random(seed);
    this.steps = steps;
    this.model = model;
  }

  /** Opens the database, now with a log that is mapped and now with one that is written by calls. */
  static Database open(InMemoryFileSystem fileSystem, Clock clock) {
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .with(EngineOptions.SYNC, fileSystem.calls() % 2 == 0 ? "always" : "none")
            .with(EngineOptions.WAL_SEGMENT, "64KB")
            .with(EngineOptions.MEMTABLE_SIZE, "64KB");
    return Databases.open(new DatabaseLocation.Directory(DIRECTORY), options, fileSystem, clock);
  }

  DatabaseModel model() {
    return model;
  }

  /** Opens the database, takes all steps and closes it in order. */
  void run() {
    database = open(fileSystem, clock);
    for (int i = 0; i < steps; i++) {
      step();
    }
    close();
    model.acknowledge(true);
  }

  /** Checks that an open database can be read and shows nothing older than what was acknowledged. */
  void requireReadable() {
    if (database != null) {
      int step = model.find(DatabaseModel.read(database()), model.acknowledged(), model.started());
      if (step < 0) {
        throw new AssertionError("after the failure another state is read");
      }
    }
  }

  /** Goes on committing with the same handle after a failure, as a user may who did not look. */
  void insist(int further) {
    for (int i = 0; i < further && database != null; i++) {
      try {
        for (String name : model.copyOfLast().keySet()) {
          Optional<Keyspace> keyspace = database().findKeyspace(name);
          if (keyspace.isPresent()) {
            commit(keyspace.get(), 2);
          }
        }
      } catch (LarderException e) {
        // refused, so nothing was promised
      }
    }
  }

  /** Closes the database if it is open. */
  void close() {
    Database open = database;
    if (open != null) {
      database = null;
      open.close();
    }
  }

  private Database database() {
    Database open = database;
    if (open == null) {
      throw new IllegalStateException("no database is open");
    }
    return open;
  }

  private void step() {
    int choice = random.nextInt(40);
    switch (choice) {
      case 0, 1, 2 -> database().flush();
      case 3 -> database().compact();
      case 4, 5 -> {
        close();
        model.acknowledge(true);
        database = open(fileSystem, clock);
      }
      case 6 -> {
        database().sync();
        model.acknowledge(true);
      }
      case 7 -> changeKeyspaces();
      case 8 -> commitMany();
      default -> {
        if (mix == Mix.KEYSPACES && choice < 24) {
          changeKeyspaces();
        } else {
          commit(1 + random.nextInt(5));
        }
      }
    }
  }

  private void changeKeyspaces() {
    Map<String, Map<String, String>> after = model.copyOfLast();
    List<String> present = new ArrayList<>(after.keySet());
    if (present.isEmpty()) {
      return;
    }
    String name = present.get(random.nextInt(present.size()));
    switch (random.nextInt(3)) {
      case 0 -> {
        after.remove(name);
        model.begin(after);
        database().dropKeyspace(name);
      }
      case 1 -> {
        after.put(name, new TreeMap<>());
        model.begin(after);
        database().clearKeyspace(name);
      }
      default -> {
        String renamed = "renamed" + model.started();
        while (after.containsKey(renamed)) { // after a crash steps are counted anew
          renamed += "again";
        }
        after.put(renamed, after.remove(name));
        model.begin(after);
        database().renameKeyspace(name, renamed);
      }
    }
    model.acknowledge(true);
  }

  /** Enough to fill a memtable now and then. */
  private void commitMany() {
    for (int i = 0; i < 10; i++) {
      commit(30);
    }
  }

  private void commit(int changes) {
    commit(keyspace(NAMES.get(random.nextInt(NAMES.size()))), changes);
  }

  private void commit(Keyspace keyspace, int changes) {
    Map<String, Map<String, String>> after = model.copyOfLast();
    Map<String, String> entries = after.get(keyspace.name());
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < changes; i++) {
      byte[] key = ("key" + random.nextInt(200)).getBytes(StandardCharsets.ISO_8859_1);
      if (random.nextInt(4) == 0) {
        batch.delete(keyspace, key);
        entries.remove(DatabaseModel.text(key));
      } else {
        byte[] value = new byte[random.nextInt(random.nextInt(30) == 0 ? 5_000 : 120)];
        random.nextBytes(value);
        batch.put(keyspace, key, value, random.nextInt(5) == 0 ? FAR_FUTURE_MILLIS : 0);
        entries.put(DatabaseModel.text(key), DatabaseModel.text(value));
      }
    }
    // A marker makes every state different from all others.
    byte[] marker = Integer.toString(model.started() + 1).getBytes(StandardCharsets.ISO_8859_1);
    byte[] markerKey = "marker".getBytes(StandardCharsets.ISO_8859_1);
    batch.put(keyspace, markerKey, marker);
    entries.put("marker", DatabaseModel.text(marker));
    model.begin(after);
    SyncMode sync = random.nextInt(3) == 0 ? SyncMode.NONE : SyncMode.ALWAYS;
    database().write(batch, sync);
    model.acknowledge(sync == SyncMode.ALWAYS);
  }

  private Keyspace keyspace(String name) {
    if (database().findKeyspace(name).isEmpty()) {
      Map<String, Map<String, String>> after = model.copyOfLast();
      after.put(name, new TreeMap<>());
      model.begin(after);
      Keyspace created = database().createKeyspace(name);
      model.acknowledge(true);
      return created;
    }
    return database().keyspace(name);
  }
}
