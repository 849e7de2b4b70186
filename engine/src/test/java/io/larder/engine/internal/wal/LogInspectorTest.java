package io.larder.engine.internal.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.internal.wal.LogInspector.Segment;
import io.larder.engine.internal.wal.LogInspector.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogInspectorTest {
  @TempDir Path directory;

  @Test
  void segments_ofAClosedLog_areSealedButForTheLast() throws IOException {
    try (WriteAheadLog log = create()) {
      commit(log, 1, "a", "b");
      commit(log, 3, "c");
      log.rotate();
      commit(log, 4, "d");
    }
    List<Segment> segments = LogInspector.segments(LocalFileSystem.instance(), directory);
    assertThat(segments).extracting(Segment::state).containsExactly(State.SEALED, State.CLOSED);
    Segment first = segments.get(0);
    assertThat(first.number()).isEqualTo(1);
    assertThat(first.databaseId()).isEqualTo(42);
    assertThat(first.firstSequence()).isEqualTo(1);
    assertThat(first.lastSequence()).isEqualTo(3);
    assertThat(first.frames()).isEqualTo(2);
    assertThat(first.entries()).isEqualTo(3);
    assertThat(first.firstTimeMillis()).isEqualTo(1_001);
    assertThat(first.lastTimeMillis()).isEqualTo(1_003);
    assertThat(first.sizeBytes()).isEqualTo(Files.size(first.path()));
    assertThat(first.problem()).isEmpty();
    assertThat(segments.get(1).syncedSequence()).isEqualTo(4);
  }

  @Test
  void segments_ofAnAbandonedLog_endOpen() throws IOException {
    WriteAheadLog log = create();
    commit(log, 1, "a");
    log.abandon();
    assertThat(LogInspector.segments(LocalFileSystem.instance(), directory))
        .extracting(Segment::state)
        .containsExactly(State.OPEN);
  }

  @Test
  void segments_damaged_areNamedWithTheirProblem() throws IOException {
    try (WriteAheadLog log = create()) {
      commit(log, 1, "a");
      log.rotate();
      commit(log, 2, "b");
    }
    Path first = directory.resolve("0000000000000001.wal");
    byte[] bytes = Files.readAllBytes(first);
    bytes[20] ^= 1;
    Files.write(first, bytes);
    List<Segment> segments = LogInspector.segments(LocalFileSystem.instance(), directory);
    assertThat(segments).extracting(Segment::state).containsExactly(State.DAMAGED, State.CLOSED);
    assertThat(segments.get(0).number()).isEqualTo(1);
    assertThat(segments.get(0).problem()).contains("checksum");
  }

  @Test
  void segment_whoseFrameIsDamagedBeforeItsEndMark_saysSo() throws IOException {
    try (WriteAheadLog log = create()) {
      commit(log, 1, "a");
      commit(log, 2, "b");
    }
    Path path = directory.resolve("0000000000000001.wal");
    byte[] bytes = Files.readAllBytes(path);
    bytes[SegmentLayout.FRAMES_OFFSET + SegmentLayout.FRAME_HEADER_BYTES] ^= 1;
    Files.write(path, bytes);
    Segment segment = LogInspector.segment(LocalFileSystem.instance(), path);
    assertThat(segment.frames()).isZero();
    assertThat(segment.problem()).contains("end mark");
  }

  @Test
  void frames_areWalkedWithTheirChanges_untilTheVisitorHasEnough() throws IOException {
    try (WriteAheadLog log = create()) {
      commit(log, 1, "a", "b");
      commit(log, 3, "c");
      commit(log, 4, "d");
    }
    List<String> found = new ArrayList<>();
    LogInspector.frames(
        LocalFileSystem.instance(),
        directory.resolve("0000000000000001.wal"),
        (frame, changes) -> {
          while (changes.next()) {
            byte[] value = changes.value();
            assertThat(value).isNotNull();
            found.add(changes.sequence() + ":" + new String(value, StandardCharsets.UTF_8));
          }
          return frame.lastSequence() < 3;
        });
    assertThat(found).containsExactly("1:a", "2:b", "3:c");
  }

  private WriteAheadLog create() {
    return WriteAheadLog.create(
        LocalFileSystem.instance(),
        SystemClock.instance(),
        directory,
        new LogOptions(42, 64 << 10, 1),
        0);
  }

  private static void commit(WriteAheadLog log, long first, String... values) {
    BatchEncoder batch = new BatchEncoder();
    for (String value : values) {
      batch.put(1, new byte[] {7}, value.getBytes(StandardCharsets.UTF_8), 0);
    }
    log.append(batch.finish(), first, 1_000 + first);
    log.await(first + values.length - 1, SyncMode.NONE);
  }
}
