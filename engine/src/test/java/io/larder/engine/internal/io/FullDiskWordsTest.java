package io.larder.engine.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class FullDiskWordsTest {
  private static final Path FILE = Path.of("/data/file");
  private static final String GERMAN =
      "Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar";

  private static boolean isFull(IOException failure, long neededBytes, long usableBytes) {
    return FullDisk.isCauseOf(FullDisk.recognised(failure, FILE, neededBytes, () -> usableBytes));
  }

  @Test
  void unknownWords_areComparedWithTheRoomOfTheStore() {
    assertThat(FullDisk.isCauseOf(new IOException(GERMAN))).isFalse();
    assertThat(isFull(new IOException(GERMAN), 0, 0)).isTrue();
    assertThat(isFull(new IOException(GERMAN), 10 << 20, 5 << 20)).isTrue();
    assertThat(isFull(new FileSystemException("/data/file", null, GERMAN), 0, 4096)).isTrue();
    assertThat(isFull(new IOException(GERMAN), 10 << 20, 1 << 30)).isFalse();
  }

  @Test
  void knownWords_sayWhatItIs_howeverFullTheStore() {
    assertThat(isFull(new IOException("No space left on device"), 0, 1 << 30)).isTrue();
    assertThat(isFull(new IOException("Input/output error"), 0, 0)).isFalse();
    assertThat(isFull(new AccessDeniedException("/data/file"), 0, 0)).isFalse();
  }

  @Test
  void storeThatCannotBeAsked_leavesTheFailureAsItWas() {
    IOException failure = new IOException(GERMAN);
    assertThat(
            FullDisk.recognised(
                failure,
                FILE,
                0,
                () -> {
                  throw new IOException("no such store");
                }))
        .isSameAs(failure);
    assertThat(failure.getSuppressed()).hasSize(1);
  }
}
