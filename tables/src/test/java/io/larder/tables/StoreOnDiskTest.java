package io.larder.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.Databases;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Database;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreOnDiskTest {
  record Session(String user, int cart) {}

  record Address(String street) {}

  record Person(String name, Address address) {}

  private static final ClassLoader LOADER = StoreOnDiskTest.class.getClassLoader();

  private static final TableDefinition SESSIONS =
      TableDefinition.ofTypes("sessions", String.class, Session.class).withAttribute("ttl", "30m");

  @TempDir private Path directory;

  private LarderUri uri(String name) {
    return LarderUri.parse("larder:" + directory.resolve(name));
  }

  private static void put(Table table, String key, Object value) {
    EntryCodec<Object, Object> entries = table.entries(Object.class, Object.class, LOADER);
    table.keyspace().put(entries.encodeKey(key), entries.encodeValue(value));
  }

  private static Object get(Table table, String key) {
    EntryCodec<Object, Object> entries = table.entries(Object.class, Object.class, LOADER);
    byte[] value = table.keyspace().get(entries.encodeKey(key));
    return value == null ? null : entries.decodeValue(value);
  }

  @Test
  void open_afterClose_findsDefinitionsVersionAndRows() {
    long version;
    try (Store store = Store.open(uri("db"))) {
      put(store.createTable(SESSIONS), "a", new Session("ann", 3));
      store.createTable(TableDefinition.ofTypes("dropped", Long.class, Long.class));
      store.dropTable("dropped");
      version = store.schemaVersion();
    }
    try (Store store = Store.open(uri("db"))) {
      assertThat(store.tableNames()).containsExactly("sessions");
      assertThat(store.schemaVersion()).isEqualTo(version);
      assertThat(store.table("sessions").definition()).isEqualTo(SESSIONS);
      assertThat(get(store.table("sessions"), "a")).isEqualTo(new Session("ann", 3));
    }
  }

  /** What a process that dies leaves: the files as they are, without a close. */
  @Test
  void open_filesOfARunningStore_haveEveryTypeThatValuesReferTo() throws IOException {
    for (String sync : List.of("always", "none")) {
      LarderUri running = uri("running-" + sync).with("sync", sync);
      LarderUri image = uri("image-" + sync);
      try (Store store = Store.open(running)) {
        Table sessions = store.createTable(SESSIONS);
        Table any = store.createTable(TableDefinition.ofTypes("any", String.class, Object.class));
        for (int i = 0; i < 50; i++) {
          put(sessions, "s" + i, new Session("u" + i, i));
          put(any, "p" + i, new Person("n" + i, new Address("s" + i)));
          put(any, "r" + i, Row.of(List.of("field" + i), i));
        }
        store.database().sync();
        copy(directory.resolve("running-" + sync), directory.resolve("image-" + sync));
      }
      try (Store store = Store.open(image)) {
        assertThat(store.tableNames()).containsExactly("any", "sessions");
        for (int i = 0; i < 50; i++) {
          assertThat(get(store.table("sessions"), "s" + i)).isEqualTo(new Session("u" + i, i));
          assertThat(get(store.table("any"), "r" + i)).isEqualTo(Row.of(List.of("field" + i), i));
        }
        put(store.table("any"), "new", Row.of(List.of("other"), 1));
        assertThat(get(store.table("any"), "r49"))
            .as("a new number takes nobody's place")
            .isEqualTo(Row.of(List.of("field49"), 49));
      }
    }
  }

  private static void copy(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(target.resolve(source.relativize(path).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(path, target.resolve(source.relativize(path).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void open_afterADropThatWasCutShort_finishesIt() {
    try (Store store = Store.open(uri("db"))) {
      put(store.createTable(SESSIONS), "a", new Session("ann", 3));
    }
    try (Database database = Databases.open(uri("db"))) {
      new Catalog(database.keyspace("larder:catalog")).put(SESSIONS, Catalog.State.DROPPING);
    }
    try (Store store = Store.open(uri("db"))) {
      assertThat(store.tableNames()).isEmpty();
      assertThat(store.database().findKeyspace("sessions")).isEmpty();
      assertThat(get(store.createTable(SESSIONS), "a")).isNull();
    }
  }

  @Test
  void open_afterACreateThatWasCutShort_finishesIt() {
    try (Database database = Databases.open(uri("db"))) {
      new Catalog(database.openKeyspace("larder:catalog")).put(SESSIONS, Catalog.State.LIVE);
    }
    try (Store store = Store.open(uri("db"))) {
      put(store.table("sessions"), "a", new Session("ann", 3));
      assertThat(get(store.table("sessions"), "a")).isEqualTo(new Session("ann", 3));
    }
  }

  @Test
  void open_damagedCatalog_saysWhereAndReleasesTheDirectory() {
    try (Database database = Databases.open(uri("db"))) {
      Keyspace catalog = database.openKeyspace("larder:catalog");
      new Catalog(catalog).put(SESSIONS, Catalog.State.LIVE);
      try (var cursor = catalog.cursor(io.larder.engine.api.KeyRange.all())) {
        cursor.next();
        byte[] value = cursor.value();
        value[0] = 0x7F;
        catalog.put(cursor.key(), value);
      }
    }
    assertThatThrownBy(() -> Store.open(uri("db")))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("larder:catalog")
        .hasMessageContaining("127");
    try (Database database = Databases.open(uri("db"))) {
      assertThat(database.findKeyspace("larder:catalog")).isPresent();
    }
  }

  @Test
  void open_relativeAndRealPath_isOneStore() throws IOException {
    Path link = directory.resolve("link");
    try (Store store = Store.open(uri("db"))) {
      Files.createSymbolicLink(link, directory.resolve("db"));
      try (Store other = Store.open(LarderUri.parse("larder:" + link))) {
        Table made = store.createTable(SESSIONS);
        assertThat(other.findTable("sessions")).contains(made);
      }
    }
  }

  @Test
  void openAndClose_fromManyThreads_losesNothing() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(4);
    List<Future<?>> all = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int thread = t;
      all.add(
          executor.submit(
              () -> {
                for (int i = 0; i < 10; i++) {
                  String name = "t" + thread + "_" + i;
                  try (Store store = Store.open(uri("db"))) {
                    Table made =
                        store.createTable(
                            TableDefinition.ofTypes(name, String.class, Object.class));
                    put(made, "r", Row.of(List.of(name), i));
                  }
                }
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get(60, TimeUnit.SECONDS);
    }
    executor.shutdown();
    try (Store store = Store.open(uri("db"))) {
      assertThat(store.tableNames()).hasSize(40);
      for (String name : store.tableNames()) {
        Row row = (Row) get(store.table(name), "r");
        assertThat(row.names()).containsExactly(name);
      }
    }
  }
}
