package io.larder.engine.internal.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.Lock;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.LockHeldException;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileSystemTest extends FileSystemContract {
  @TempDir Path directory;

  @Override
  FileSystem fileSystem() {
    return LocalFileSystem.instance();
  }

  @Override
  Path directory() {
    return directory;
  }

  @Test
  void newFilesAndDirectories_belongToTheirOwnerOnly() throws IOException {
    create("a").close();
    fileSystem().createDirectories(path("d"));
    fileSystem().lock(path("LOCK"), "").close();

    assertThat(mode("a")).isEqualTo("rw-------");
    assertThat(mode("LOCK")).isEqualTo("rw-------");
    assertThat(mode("d")).isEqualTo("rwx------");
  }

  @Test
  void open_link_isRefused() throws IOException {
    write("target", "secret");
    Files.createSymbolicLink(path("link"), path("target"));
    Files.createSymbolicLink(path("dangling"), path("nowhere"));

    assertThatThrownBy(() -> open("link", OpenMode.READ)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> open("link", OpenMode.READ_WRITE)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> create("dangling")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> fileSystem().lock(path("dangling"), ""))
        .isInstanceOf(IOException.class);
    assertThat(path("nowhere")).doesNotExist();
  }

  @Test
  void lock_throughAnotherNameOfTheSameFile_isRefused() throws IOException {
    try (Lock lock = fileSystem().lock(path("LOCK"), "first")) {
      fileSystem().link(path("LOCK"), path("ALIAS"));

      assertThatThrownBy(() -> fileSystem().lock(path("ALIAS"), "second"))
          .isInstanceOf(LockHeldException.class);
      assertThat(lock.isValid()).isTrue();
    }
  }

  @Test
  void lock_refusedInThisProcess_isStillHeldAgainstOthers() throws Exception {
    try (Lock lock = fileSystem().lock(path("LOCK"), "first")) {
      assertThatThrownBy(() -> fileSystem().lock(path("LOCK"), "second"))
          .isInstanceOf(LockHeldException.class);

      assertThat(lock.isValid()).isTrue();
      assertThat(lockFromAnotherProcess()).isEqualTo("held: first");
    }
    assertThat(lockFromAnotherProcess()).isEqualTo("free");
  }

  @Test
  void interrupts_arrivingDuringWrites_neverCloseTheFile() throws Exception {
    try (StorageFile file = create("a")) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 20_000; i++) {
                    file.write(i * 5L, text("hello"));
                  }
                } catch (IOException | RuntimeException e) {
                  failure.set(e);
                } finally {
                  stop.set(true);
                }
              });
      writer.start();
      while (!stop.get()) {
        writer.interrupt();
      }
      writer.join();

      assertThat(failure.get()).isNull();
      assertThat(file.sizeBytes()).isEqualTo(100_000);
    }
  }

  private String lockFromAnotherProcess() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockProbe.class.getName(),
                path("LOCK").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8).trim();
    assertThat(process.waitFor()).isZero();
    return answer;
  }

  /** Tries to take a lock in a process of its own. */
  static final class LockProbe {
    public static void main(String[] arguments) throws IOException {
      try (Lock lock = LocalFileSystem.instance().lock(Path.of(arguments[0]), "probe")) {
        System.out.println(lock.isValid() ? "free" : "invalid");
      } catch (LockHeldException e) {
        System.out.println("held: " + e.owner());
      }
    }
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path(name)));
  }
}
