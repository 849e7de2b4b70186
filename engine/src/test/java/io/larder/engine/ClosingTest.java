package io.larder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.StorageException;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a close releases when a part of it fails. */
@Timeout(60)
class ClosingTest {
  private static final DatabaseLocation.Directory LOCATION =
      new DatabaseLocation.Directory(Path.of("/data/closing"));

  private final ManualClock clock = new ManualClock();
  private final InMemoryFileSystem disk = new InMemoryFileSystem();

  /** The end of the names of the files that cannot be closed; the handle is gone all the same. */
  private volatile String unclosable = "none";

  @ParameterizedTest
  @ValueSource(strings = {".wal", ".manifest"})
  void close_aFileDoesNotClose_afterAnotherFailure_releasesAllElse(String files) {
    Database failing = open();
    Keyspace fruit = failing.createKeyspace("fruit");
    fruit.put("a".getBytes(UTF_8), "1".getBytes(UTF_8));
    failing.flush();
    disk.setHook(call -> call.operation() == IoCall.Operation.SYNC ? Fault.IO_ERROR : Fault.NONE);
    assertThatThrownBy(() -> fruit.put("b".getBytes(UTF_8), "2".getBytes(UTF_8)))
        .isInstanceOf(WritesStoppedException.class);
    disk.setHook(call -> Fault.NONE);

    requireCloseFailsAndReleasesAll(failing, files);
  }

  @ParameterizedTest
  @ValueSource(strings = {".wal", ".manifest"})
  void close_aFileDoesNotClose_releasesAllElse(String files) {
    Database database = open();
    database.createKeyspace("fruit").put("a".getBytes(UTF_8), "1".getBytes(UTF_8));
    database.flush();

    requireCloseFailsAndReleasesAll(database, files);
  }

  private void requireCloseFailsAndReleasesAll(Database database, String files) {
    unclosable = files;
    assertThatThrownBy(database::close)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("does not close");
    unclosable = "none";
    disk.requireNoLeaks();

    try (Database again = open()) {
      assertThat(again.keyspace("fruit").get("a".getBytes(UTF_8))).isEqualTo("1".getBytes(UTF_8));
    }
    disk.requireNoLeaks();
  }

  @Test
  void close_nothingFails_leavesNothingOpen() {
    open().close();
    disk.requireNoLeaks();
  }

  private Database open() {
    return Databases.open(LOCATION, DatabaseOptions.defaults(), fileSystem(), clock);
  }

  /** Returns the disk, with files that cannot be closed while that is asked for. */
  private FileSystem fileSystem() {
    return (FileSystem)
        Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(),
            new Class<?>[] {FileSystem.class},
            (proxy, method, arguments) -> {
              Object result = call(disk, method, arguments);
              return result instanceof StorageFile file ? closingBadly(file) : result;
            });
  }

  private StorageFile closingBadly(StorageFile file) {
    return (StorageFile)
        Proxy.newProxyInstance(
            StorageFile.class.getClassLoader(),
            new Class<?>[] {StorageFile.class},
            (proxy, method, arguments) -> {
              Object result = call(file, method, arguments);
              if (method.getName().equals("close") && file.path().toString().endsWith(unclosable)) {
                throw new IOException(file.path() + ": does not close");
              }
              return result;
            });
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
