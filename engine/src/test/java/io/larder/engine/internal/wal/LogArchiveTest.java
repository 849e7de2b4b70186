package io.larder.engine.internal.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.internal.wal.LogInspector.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogArchiveTest {
  @TempDir Path directory;
  private boolean refusing;
  private final List<String> archived = new ArrayList<>();

  /** Notes what it is given. */
  private final class Archive implements LogArchive {
    private final boolean remembers;

    Archive(boolean remembers) {
      this.remembers = remembers;
    }

    @Override
    public boolean contains(long number) {
      return remembers && archived.stream().anyMatch(each -> each.startsWith(number + ":"));
    }

    @Override
    public void archive(long number, Path segment, long firstSequence, long lastSequence)
        throws IOException {
      if (refusing) {
        throw new IOException("full");
      }
      Segment found = LogInspector.segment(LocalFileSystem.instance(), segment);
      assertThat(found.firstSequence()).isEqualTo(firstSequence);
      assertThat(found.lastSequence()).isGreaterThanOrEqualTo(lastSequence);
      archived.add(number + ":" + firstSequence + "-" + lastSequence);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void segments_areHandedOverOnceInOrder_beforeTheyAreReused(boolean mapped) throws IOException {
    try (WriteAheadLog log = create(mapped)) {
      fill(log, 1, 300);
      long floor = log.rotate();
      log.deleteSegmentsBelow(floor);
      assertThat(segments()).as("kept for the archive").isGreaterThan(4);
      assertThat(log.sizes().neededBytes()).isZero();
      assertThat(log.sizes().keptBytes()).isPositive();
      while (log.archiveNext()) {
        assertThat(log.syncedSequence()).isEqualTo(300);
      }
      assertThat(segments()).isEqualTo(1);
      assertThat(log.sizes().keptBytes()).isZero();
      assertThat(log.archiveNext()).isFalse();
      assertThat(archived).hasSize((int) floor - 1);
      assertThat(archived.get(0)).startsWith("1:1-");
      assertThat(archived.get(archived.size() - 1)).endsWith("-300");
      assertThat(log.statistics().segmentsArchived()).isEqualTo(archived.size());
    }
  }

  @Test
  void archive_thatRefuses_keepsTheSegmentAndIsAskedAgain() throws IOException {
    try (WriteAheadLog log = create(false)) {
      fill(log, 1, 10);
      log.deleteSegmentsBelow(log.rotate());
      refusing = true;
      assertThatThrownBy(log::archiveNext).hasMessage("full");
      assertThatThrownBy(log::archiveNext).hasMessage("full");
      assertThat(segments()).isEqualTo(2);
      assertThat(log.statistics().figures().get("wal.archive.failures")).isEqualTo(2);
      refusing = false;
      assertThat(log.archiveNext()).isTrue();
      assertThat(archived).containsExactly("1:1-10");
      assertThat(segments()).isEqualTo(1);
    }
  }

  @Test
  void segments_notArchivedBeforeAKill_areHandedOverAfterIt() throws IOException {
    WriteAheadLog killed = create(true);
    fill(killed, 1, 10);
    long floor = killed.rotate();
    killed.deleteSegmentsBelow(floor);
    fill(killed, 11, 20);
    killed.rotate();
    fill(killed, 21, 25);
    killed.abandon();
    try (WriteAheadLog log = recover(floor, 10, new Archive(false))) {
      while (log.archiveNext()) {
        assertThat(archived).isNotEmpty();
      }
    }
    assertThat(archived).containsExactly("1:1-10", "2:11-20", "3:21-25");
  }

  @Test
  void segments_theArchiveSaysItHas_areNotHandedOverAgain() throws IOException {
    WriteAheadLog killed = create(true);
    fill(killed, 1, 10);
    killed.rotate();
    fill(killed, 11, 20);
    assertThat(killed.archiveNext()).isTrue();
    killed.abandon();
    try (WriteAheadLog log = recover(1, 0, new Archive(true))) {
      while (log.archiveNext()) {
        assertThat(archived).isNotEmpty();
      }
    }
    assertThat(archived).containsExactly("1:1-10", "2:11-20");
  }

  /** A crash that undoes the renaming of a segment leaves a name that the archive gets nothing for: writers waited. */
  @Test
  void segment_thatCannotBeRead_isKeptButNotCounted() throws IOException {
    WriteAheadLog killed = create(true);
    fill(killed, 1, 10);
    killed.rotate();
    fill(killed, 11, 20);
    long floor = killed.rotate();
    fill(killed, 21, 25);
    killed.abandon();
    Path first = directory.resolve("0000000000000001.wal");
    Files.copy(
        directory.resolve("0000000000000002.wal"), first, StandardCopyOption.REPLACE_EXISTING);
    try (WriteAheadLog log = recover(floor, 20, new Archive(true))) {
      while (log.archiveNext()) {
        assertThat(archived).isNotEmpty();
      }
      log.deleteSegmentsBelow(log.rotate());
      assertThat(archived).containsExactly("2:11-20", "3:21-25");
      assertThat(first).exists();
      assertThat(log.sizes().keptBytes()).isZero();
      assertThat(log.sizes().owedBytes()).isZero();
      fill(log, 26, 30);
      assertThat(log.sizes().keptBytes()).isEqualTo(log.sizes().neededBytes()).isPositive();
    }
  }

  private WriteAheadLog create(boolean mapped) {
    return WriteAheadLog.create(
        LocalFileSystem.instance(),
        SystemClock.instance(),
        directory,
        options(new Archive(false)).withMapped(mapped),
        0);
  }

  private WriteAheadLog recover(long floor, long flushed, LogArchive archive) {
    return WriteAheadLog.recover(
        LocalFileSystem.instance(),
        SystemClock.instance(),
        directory,
        options(archive),
        new LogStart(floor, flushed, flushed),
        (first, count, time, changes) -> {});
  }

  private static LogOptions options(LogArchive archive) {
    return new LogOptions(42, LogOptions.SEGMENT_BYTES_MIN, 0).withArchive(archive);
  }

  private static void fill(WriteAheadLog log, long first, long last) {
    for (long i = first; i <= last; i++) {
      log.append(new BatchEncoder().put(1, new byte[] {1}, new byte[40], 0).finish(), i, 0);
      log.await(i, SyncMode.NONE);
    }
  }

  private long segments() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".wal")).count();
    }
  }
}
