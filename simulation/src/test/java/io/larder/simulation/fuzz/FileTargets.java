package io.larder.simulation.fuzz;

import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Opens, reads, writes and closes a small database one of whose files was changed. Whatever is in the file: it ends, it
 * takes no memory beyond what the file justifies, and it fails with the engine's own exceptions only. Stateless but for
 * the database it starts from.
 *
 * <p>What the bytes of a test case mean: a list of changes, each where (2 bytes, modulo the size), what (1 byte) and, for
 * most, how much or which (1 byte).
 */
final class FileTargets {
  private static final Path DIRECTORY = Path.of("/disk/database");
  private static final int READS_MAX = 2_000;
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults()
          .with(EngineOptions.WAL_SEGMENT, "64KB")
          .with(EngineOptions.MEMTABLE_SIZE, "64KB");
  private static final InMemoryFileSystem PRISTINE = create();

  private FileTargets() {}

  private static InMemoryFileSystem create() {
    Logger.getLogger("io.larder").setLevel(Level.OFF);
    InMemoryFileSystem disk = new InMemoryFileSystem();
    try {
      disk.createDirectories(DIRECTORY.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Random random = new Random(3);
    try (Database database = open(disk)) {
      Keyspace one = database.createKeyspace("one");
      Keyspace two = database.createKeyspace("two");
      for (int i = 0; i < 60; i++) {
        byte[] value = new byte[random.nextInt(30)];
        random.nextBytes(value);
        (i % 3 == 0 ? two : one).put(key(i % 40), value, i % 7 == 0 ? 4_000_000_000_000L : 0);
        if (i == 40) {
          database.flush();
        }
      }
      one.delete(key(3));
      database.createKeyspace("gone");
      database.dropKeyspace("gone");
    }
    return disk;
  }

  private static byte[] key(int number) {
    return ("some key " + number).getBytes(StandardCharsets.US_ASCII);
  }

  private static Database open(InMemoryFileSystem disk) {
    return Databases.open(
        new DatabaseLocation.Directory(DIRECTORY), OPTIONS, disk, SystemClock.instance());
  }

  /** Changes the first file whose name ends so, repairs its checksums, and works with the database. */
  static boolean changed(String suffix, byte[] changes) {
    return run(suffix, changes, true);
  }

  /** Replaces the first file whose name ends so, and works with the database. */
  static boolean replaced(String suffix, byte[] content) {
    return run(suffix, content, false);
  }

  /** Returns whether it was refused. */
  private static boolean run(String suffix, byte[] input, boolean changes) {
    InMemoryFileSystem disk = PRISTINE.afterCrash(LossModel.PROCESS_KILLED, 0);
    try {
      String name =
          disk.list(DIRECTORY).stream()
              .filter(each -> each.endsWith(suffix))
              .reduce((first, second) -> second)
              .orElseThrow();
      Path file = DIRECTORY.resolve(name);
      byte[] content = input;
      if (changes) {
        content = change(AtomicFile.read(disk, file, Integer.MAX_VALUE), input);
        Seals.repair(name, content);
      }
      disk.delete(file);
      try (StorageFile created = disk.open(file, OpenMode.CREATE_NEW)) {
        created.write(0, ByteBuffer.wrap(content));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean refused = false;
    try (Database database = open(disk)) {
      use(database);
    } catch (LarderException e) {
      refused = true;
    }
    disk.requireNoLeaks();
    return refused;
  }

  /** Returns content with changes; see the class. */
  static byte[] change(byte[] original, byte[] changes) {
    byte[] content = original.clone();
    ByteBuffer input = ByteBuffer.wrap(changes);
    while (input.remaining() >= 4) {
      int at = Short.toUnsignedInt(input.getShort()) % content.length;
      int what = input.get();
      int much = Byte.toUnsignedInt(input.get());
      int length = Math.min(1 + much % 16, content.length - at);
      switch (what & 7) {
        case 0 -> content[at] = (byte) much;
        case 1 -> content[at] ^= (byte) (1 << much % 8);
        case 2 -> content[at] += (byte) (much % 7 - 3);
        case 3 -> Arrays.fill(content, at, at + length, (byte) (what < 0 ? 0x80 : 0xFF));
        case 4 -> System.arraycopy(content, at, content, Math.max(0, at - much), length);
        case 5 -> Arrays.fill(content, at, at + length, (byte) 0);
        case 6 -> content = Arrays.copyOf(content, Math.max(1, content.length - much));
        default -> content = Arrays.copyOf(content, content.length + much);
      }
    }
    return content;
  }

  /** Reads everything in every way and writes a little; what is read may be anything. */
  private static void use(Database database) {
    for (String name : database.keyspaceNames()) {
      Keyspace keyspace = database.keyspace(name);
      for (int i = 0; i < 42; i++) {
        keyspace.get(key(i));
      }
      walk(keyspace.cursor(KeyRange.all()));
      walk(keyspace.cursorDescending(KeyRange.all()));
      keyspace.put(key(1), key(2));
      keyspace.delete(key(5));
    }
    database.createKeyspace("new " + database.keyspaceNames().size());
    database.compact();
  }

  private static void walk(Cursor cursor) {
    try (cursor) {
      for (int reads = 0; cursor.next(); reads++) {
        cursor.key();
        cursor.value();
        if (reads > READS_MAX) {
          throw new AssertionError("more entries than were ever written");
        }
      }
    }
  }
}
