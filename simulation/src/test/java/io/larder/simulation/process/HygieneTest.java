package io.larder.simulation.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.LarderUri;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database among others on a real machine: who may read its files, links in place of files, a second opener from
 * another process or class loader, a lock file that somebody deleted, threads that are interrupted.
 */
@Timeout(120)
class HygieneTest {
  private static final String OPTIONS = "?memtable.size=64KB&wal.segment=64KB";

  @TempDir Path temporary;

  private Path directory() {
    return temporary.resolve("database");
  }

  private static LarderUri uri(Path directory) {
    return LarderUri.parse("larder:" + directory + OPTIONS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void fill(Database database) {
    Keyspace keyspace = database.openKeyspace("some");
    for (int i = 0; i < 100; i++) {
      keyspace.put(bytes("key" + i), bytes("value" + i));
    }
    database.flush();
    for (int i = 50; i < 150; i++) {
      keyspace.put(bytes("key" + i), bytes("value" + i));
    }
  }

  private static void requireFilled(Database database) {
    Keyspace keyspace = database.keyspace("some");
    for (int i = 0; i < 150; i++) {
      assertThat(keyspace.get(bytes("key" + i))).asString().isEqualTo("value" + i);
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory())) {
      return files.sorted().toList();
    }
  }

  @Test
  void files_areTheirOwnersOnly() throws IOException {
    try (Database database = Databases.open(uri(directory()))) {
      fill(database);
      database.compact();
      requireModes();
    }
    requireModes();
    try (Database database = Databases.open(uri(directory()))) {
      requireFilled(database);
      requireModes();
    }
  }

  private void requireModes() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
    for (Path file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
  }

  @Test
  void symbolicLink_inPlaceOfAFile_isNotFollowed() throws IOException {
    try (Database database = Databases.open(uri(directory()))) {
      fill(database);
    }
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    List<Path> reserveLast = new ArrayList<>(files());
    reserveLast.sort(Comparator.comparing(file -> file.toString().endsWith(".spare")));
    for (Path file : reserveLast) {
      Path target = elsewhere.resolve(file.getFileName());
      Files.move(file, target);
      byte[] before = Files.readAllBytes(target);
      Files.createSymbolicLink(file, target);
      try (Database database = Databases.open(uri(directory()))) {
        assertThat(file.toString())
            .as("only the log's reserve is not looked at")
            .endsWith(".spare");
        database.keyspace("some").put(bytes("key1"), bytes("value1")); // now it is
      } catch (LarderException e) {
        assertThat(Files.isSymbolicLink(file)).isTrue();
      }
      assertThat(Files.readAllBytes(target)).as(target.toString()).isEqualTo(before);
      Files.deleteIfExists(file);
      Files.move(target, file);
    }
    try (Database database = Databases.open(uri(directory()))) {
      requireFilled(database);
    }
  }

  @Test
  void danglingLink_inPlaceOfAFileToBeCreated_isNotFollowed() throws IOException {
    Files.createDirectory(directory());
    Path target = temporary.resolve("victim");
    for (String name : List.of("LOCK", "CURRENT.new", "0000000000000001.manifest")) {
      Path link = Files.createSymbolicLink(directory().resolve(name), target);
      try {
        Databases.open(uri(directory())).close();
      } catch (LarderException e) {
        // refused, as a directory that is neither empty nor a database
      }
      assertThat(Files.exists(target, LinkOption.NOFOLLOW_LINKS)).as(name).isFalse();
      Files.deleteIfExists(link);
      for (Path file : files()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void hardLinks_doNoHarm() throws IOException {
    try (Database database = Databases.open(uri(directory()))) {
      fill(database);
    }
    Path twin = Files.createDirectory(temporary.resolve("twin"));
    for (Path file : files()) {
      Files.createLink(twin.resolve(file.getFileName()), file);
    }
    try (Database database = Databases.open(uri(directory()))) {
      requireFilled(database);
      assertThatThrownBy(() -> Databases.open(uri(twin)).close())
          .as("the same files, and so the same lock, under another name")
          .isInstanceOf(LarderException.class);
    }
  }

  @Test
  void directoryBehindALink_isTheSameDatabase() throws IOException {
    Path link = temporary.resolve("link");
    try (Database database = Databases.open(uri(directory()))) {
      fill(database);
      Files.createSymbolicLink(link, directory());
      try (Database same = Databases.open(uri(link))) {
        requireFilled(same);
        same.keyspace("some").put(bytes("more"), bytes("one"));
        assertThat(database.keyspace("some").get(bytes("more"))).isNotNull();
      }
    }
  }

  @Test
  void otherProcess_isRefusedAndToldWho() throws Exception {
    try (Database database = Databases.open(uri(directory()))) {
      fill(database);
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  "engine",
                  directory().toString(),
                  Door.SMALL + "always",
                  "0",
                  "5")
              .redirectErrorStream(true)
              .start();
      String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(other.waitFor()).isNotZero();
      assertThat(output)
          .contains("DatabaseLockedException")
          .contains("process " + ProcessHandle.current().pid());
      requireFilled(database);
    }
  }

  @Test
  void otherClassLoader_isRefused_andWelcomeAfterwards() throws Exception {
    try (URLClassLoader loader = secondLoader()) {
      try (Database database = Databases.open(uri(directory()))) {
        fill(database);
        assertThatThrownBy(() -> openBy(loader).close())
            .isInstanceOf(InvocationTargetException.class)
            .cause()
            .satisfies(
                cause ->
                    assertThat(cause.getClass().getName())
                        .isEqualTo(DatabaseLockedException.class.getName()))
            .hasMessageContaining("process " + ProcessHandle.current().pid());
        database.keyspace("some").put(bytes("after"), bytes("wards"));
        assertThatThrownBy(() -> openBy(loader).close()).as("still locked").isNotNull();
      }
      openBy(loader).close();
    }
    try (Database database = Databases.open(uri(directory()))) {
      requireFilled(database);
    }
  }

  private static URLClassLoader secondLoader() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  private AutoCloseable openBy(ClassLoader loader) throws ReflectiveOperationException {
    Class<?> uriType = loader.loadClass(LarderUri.class.getName());
    Object uri = uriType.getMethod("parse", String.class).invoke(null, uri(directory()).toString());
    Class<?> databases = loader.loadClass(Databases.class.getName());
    return (AutoCloseable) databases.getMethod("open", uriType).invoke(null, uri);
  }

  @Test
  void lockFileDeleted_whileOpen_losesNothingOfTheFirst() throws Exception {
    Logger.getLogger("io.larder").setLevel(Level.OFF);
    try {
      Map<String, String> acknowledged = new TreeMap<>();
      try (Database database = Databases.open(uri(directory()))) {
        fill(database);
        Files.delete(directory().resolve("LOCK"));
        put(database, acknowledged, "after the deletion");
        database.flush();
        put(database, acknowledged, "after the flush");
      } catch (LarderException e) {
        // a database that notices may refuse, at any of these calls
      }
      try (Database database = Databases.open(uri(directory()))) {
        requireFilled(database);
        acknowledged.forEach(
            (key, value) ->
                assertThat(database.keyspace("some").get(bytes(key))).asString().isEqualTo(value));
      }
    } finally {
      Logger.getLogger("io.larder").setLevel(null);
    }
  }

  @Test
  void lockFileDeleted_andASecondOpener_stopsTheFirst() throws Exception {
    Logger.getLogger("io.larder").setLevel(Level.OFF);
    try (URLClassLoader loader = secondLoader()) {
      Database first = Databases.open(uri(directory()));
      try {
        fill(first);
        Files.delete(directory().resolve("LOCK"));
        openBy(loader)
            .close(); // nothing holds it back: the lock is on a file that has no name any more
        assertThatThrownBy(first::flush)
            .as("the second opener has changed what the first one knows")
            .isInstanceOf(LarderException.class);
        requireFilled(first);
      } finally {
        closeIfItCan(first);
      }
      try (Database database = Databases.open(uri(directory()))) {
        requireFilled(database);
      }
    } finally {
      Logger.getLogger("io.larder").setLevel(null);
    }
  }

  private static void closeIfItCan(Database database) {
    try {
      database.close();
    } catch (LarderException e) {
      // it says that it could not save, and why
    }
  }

  private static void put(Database database, Map<String, String> acknowledged, String key) {
    database.keyspace("some").put(bytes(key), bytes(key));
    acknowledged.put(key, key);
  }

  @Test
  void interruptedThread_worksOn_andStaysInterrupted() {
    try (Database database = Databases.open(uri(directory()))) {
      Thread.currentThread().interrupt();
      fill(database);
      requireFilled(database);
      database.compact();
      database.sync();
      database.createKeyspace("other");
      database.dropKeyspace("other");
      assertThat(Thread.interrupted()).as("the interrupt is the user's").isTrue();
      Thread.currentThread().interrupt();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    try (Database database = Databases.open(uri(directory()))) {
      requireFilled(database);
    }
  }
}
