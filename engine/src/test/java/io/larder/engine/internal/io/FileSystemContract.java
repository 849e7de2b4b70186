package io.larder.engine.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.Lock;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.LockHeldException;
import io.larder.engine.spi.MappedRegion;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import io.larder.engine.spi.WritableRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What every file system must do; run on each implementation. */
abstract class FileSystemContract {

  abstract FileSystem fileSystem();

  /** Returns an existing empty directory. */
  abstract Path directory() throws IOException;

  @Test
  void write_thenRead_returnsTheBytesAtTheirPositions() throws IOException {
    try (StorageFile file = create("a")) {
      file.write(0, text("hello"));
      file.write(10, text("world"));
      file.sync(SyncScope.FULL);

      assertThat(file.sizeBytes()).isEqualTo(15);
      assertThat(read(file, 0, 5)).isEqualTo("hello");
      assertThat(read(file, 5, 10)).isEqualTo("\0\0\0\0\0world");
    }
  }

  @Test
  void read_atAndAfterTheEnd_returnsMinusOne() throws IOException {
    try (StorageFile file = create("a")) {
      file.write(0, text("abc"));

      assertThat(file.read(3, ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(file.read(99, ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(file.read(2, ByteBuffer.allocate(9))).isEqualTo(1);
    }
  }

  @Test
  void mapForWriting_whatIsCopied_isReadAndKept() throws IOException {
    try (StorageFile file = create("a")) {
      file.preallocate(10_000);
      file.sync(SyncScope.FULL);
      WritableRegion region = file.mapForWriting(0, 10_000);
      byte[] bytes = "xhellox".getBytes(StandardCharsets.ISO_8859_1);
      region.write(5_000, bytes, 1, 5);
      assertThat(read(file, 5_000, 5)).isEqualTo("hello");
      file.write(5_001, text("a"));
      region.write(9_999, bytes, 0, 1);
      file.sync(SyncScope.DATA);
      assertThat(read(file, 4_999, 7)).isEqualTo("\0hallo\0");
      assertThatThrownBy(() -> region.write(9_999, bytes, 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      region.close();
      assertThatThrownBy(() -> region.write(0, bytes, 0, 1)).isInstanceOf(IOException.class);
      assertThat(read(file, 9_999, 1)).isEqualTo("x");
      assertThatThrownBy(() -> file.mapForWriting(1, 10_000)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void open_missingFile_throwsNoSuchFile() {
    assertThatThrownBy(() -> open("missing", OpenMode.READ))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("missing");
    assertThatThrownBy(() -> open("missing", OpenMode.READ_WRITE))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void open_createNewOfAnExistingName_throws() throws IOException {
    create("a").close();

    assertThatThrownBy(() -> create("a")).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void open_directory_throws() {
    assertThatThrownBy(() -> fileSystem().open(directory(), OpenMode.READ))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("directory");
  }

  @Test
  void truncate_smaller_cutsTheEnd() throws IOException {
    try (StorageFile file = create("a")) {
      file.write(0, text("hello"));
      file.truncate(2);

      assertThat(file.sizeBytes()).isEqualTo(2);
      assertThat(read(file, 0, 2)).isEqualTo("he");
    }
  }

  @Test
  void truncate_larger_throws() throws IOException {
    try (StorageFile file = create("a")) {
      assertThatThrownBy(() -> file.truncate(2)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void preallocate_extendsWithZeros_andKeepsWhatIsThere() throws IOException {
    try (StorageFile file = create("a")) {
      file.write(0, text("ab"));
      file.preallocate(3_000_000);

      assertThat(file.sizeBytes()).isEqualTo(3_000_000);
      assertThat(read(file, 0, 4)).isEqualTo("ab\0\0");
      file.preallocate(10);
      assertThat(file.sizeBytes()).isEqualTo(3_000_000);
    }
  }

  @Test
  void rename_overAnExistingFile_replacesIt() throws IOException {
    write("a", "new");
    write("b", "old");
    fileSystem().rename(path("a"), path("b"));
    fileSystem().syncDirectory(directory());

    assertThat(fileSystem().list(directory())).containsExactly("b");
    assertThat(content("b")).isEqualTo("new");
  }

  @Test
  void rename_missing_throwsNoSuchFile() {
    assertThatThrownBy(() -> fileSystem().rename(path("a"), path("b")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void link_givesTheFileASecondName() throws IOException {
    write("a", "one");
    fileSystem().link(path("a"), path("b"));
    fileSystem().delete(path("a"));

    assertThat(content("b")).isEqualTo("one");
    write("c", "two");
    assertThatThrownBy(() -> fileSystem().link(path("c"), path("b")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void delete_openFile_staysReadableThroughItsHandle() throws IOException {
    try (StorageFile file = create("a")) {
      file.write(0, text("still"));
      fileSystem().delete(path("a"));

      assertThat(fileSystem().exists(path("a"))).isFalse();
      assertThat(read(file, 0, 5)).isEqualTo("still");
    }
    assertThatThrownBy(() -> fileSystem().delete(path("a")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void list_returnsSortedNames() throws IOException {
    write("b", "");
    write("a", "");
    fileSystem().createDirectories(path("c"));

    assertThat(fileSystem().list(directory())).containsExactly("a", "b", "c");
    assertThatThrownBy(() -> fileSystem().list(path("missing")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void createDirectories_makesMissingParents() throws IOException {
    Path deep = path("x").resolve("y").resolve("z");
    fileSystem().createDirectories(deep);
    fileSystem().createDirectories(deep);

    assertThat(fileSystem().isDirectory(deep)).isTrue();
    write("file", "");
    assertThat(fileSystem().isDirectory(path("file"))).isFalse();
    assertThatThrownBy(() -> fileSystem().createDirectories(path("file")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void map_returnsTheBytes_andOutlivesTheFile() throws IOException {
    MappedRegion region;
    try (StorageFile file = create("a")) {
      file.write(0, text("0123456789"));
      region = file.map(2, 5);
      assertThatThrownBy(() -> file.map(6, 5)).isInstanceOf(IOException.class);
    }
    try (region) {
      ByteBuffer bytes = region.buffer().duplicate();
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      assertThat(new String(copy, StandardCharsets.UTF_8)).isEqualTo("23456");
      assertThat(region.buffer().isReadOnly()).isTrue();
    }
  }

  @Test
  void lock_heldAlready_isRefusedWithTheOwnersText() throws IOException {
    try (Lock lock = fileSystem().lock(path("LOCK"), "process 42")) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> fileSystem().lock(path("LOCK"), "process 43"))
          .isInstanceOf(LockHeldException.class)
          .extracting(e -> ((LockHeldException) e).owner())
          .isEqualTo("process 42");
      assertThat(lock.isValid()).isTrue();
    }
    fileSystem().lock(path("LOCK"), "process 43").close();
    assertThat(content("LOCK")).isEqualTo("process 43");
  }

  @Test
  void lock_whoseFileWasDeleted_isNotValidAnyMore() throws IOException {
    try (Lock lock = fileSystem().lock(path("LOCK"), "me")) {
      fileSystem().delete(path("LOCK"));
      assertThat(lock.isValid()).isFalse();
    }
  }

  @Test
  void interruptedThread_canDoEverything_andStaysInterrupted() throws IOException {
    try (StorageFile file = create("a")) {
      Thread.currentThread().interrupt();
      file.write(0, text("hello"));
      file.sync(SyncScope.DATA);
      fileSystem().syncDirectory(directory());
      String found = read(file, 0, 5);
      file.map(0, 5).close();
      file.write(5, text("!"));
      boolean interrupted = Thread.interrupted();

      assertThat(interrupted).isTrue();
      assertThat(found).isEqualTo("hello");
      assertThat(file.sizeBytes()).isEqualTo(6);
    }
  }

  @Test
  void atomicFile_write_replacesTheContent_andLeavesNoTemporaryFile() throws IOException {
    AtomicFile.write(fileSystem(), path("CURRENT"), text("one"));
    write("CURRENT" + AtomicFile.TEMPORARY_SUFFIX, "left behind by a crash");
    AtomicFile.write(fileSystem(), path("CURRENT"), text("two"));

    assertThat(AtomicFile.read(fileSystem(), path("CURRENT"), 3)).asString().isEqualTo("two");
    assertThat(fileSystem().list(directory())).containsExactly("CURRENT");
    assertThatThrownBy(() -> AtomicFile.read(fileSystem(), path("CURRENT"), 2))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("3 bytes")
        .hasMessageContaining("at most 2");
  }

  final Path path(String name) throws IOException {
    return directory().resolve(name);
  }

  final StorageFile open(String name, OpenMode mode) throws IOException {
    return fileSystem().open(path(name), mode);
  }

  final StorageFile create(String name) throws IOException {
    return open(name, OpenMode.CREATE_NEW);
  }

  final void write(String name, String content) throws IOException {
    try (StorageFile file = create(name)) {
      file.write(0, text(content));
    }
  }

  final String content(String name) throws IOException {
    return new String(AtomicFile.read(fileSystem(), path(name), 1 << 20), StandardCharsets.UTF_8);
  }

  static ByteBuffer text(String content) {
    return ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
  }

  static String read(StorageFile file, long position, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    AtomicFile.readFully(file, position, target);
    return new String(target.array(), StandardCharsets.UTF_8);
  }
}
