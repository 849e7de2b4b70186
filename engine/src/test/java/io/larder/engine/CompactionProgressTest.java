package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CancelledException;
import io.larder.engine.api.Database;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Database#compact} tells its listener, and what is left when the listener ends it. */
@Timeout(120)
final class CompactionProgressTest {
  private static final int ENTRIES = 40_000;
  private static final int VALUE_BYTES = 200;

  @TempDir Path temporary;

  private record Step(String phase, long doneBytes, long totalBytes) {}

  private Database open() {
    return Databases.open(
        LarderUri.parse("larder:" + temporary + "/progress?sync=none&memtable.size=64MB"));
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static byte[] value(int number, int round) {
    return ByteBuffer.allocate(VALUE_BYTES).putInt(number).putInt(round).array();
  }

  /** Leaves two runs of the same keys, and waits until no automatic merge has anything to do. */
  private static Keyspace twoRuns(Database database) {
    Keyspace numbers = database.openKeyspace("numbers");
    for (int round = 0; round < 2; round++) {
      for (int number = 0; number < ENTRIES / (1 + 9 * round); number++) {
        numbers.put(key(number), value(number, round));
      }
      database.flush();
    }
    assertThat(database.statistics().get("table.runs")).isEqualTo(2);
    return numbers;
  }

  private static void requireWhole(Keyspace numbers) {
    for (int number = 0; number < ENTRIES; number += 7) {
      assertThat(numbers.get(key(number))).isEqualTo(value(number, number < ENTRIES / 10 ? 1 : 0));
    }
  }

  private Set<String> tables() throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve("progress"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".table"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void compact_tellsBytesThatGrowToTheTotal() {
    try (Database database = open()) {
      Keyspace numbers = twoRuns(database);
      long input = database.statistics().get("table.bytes");
      List<Step> steps = new ArrayList<>();
      Thread caller = Thread.currentThread();
      database.compact(
          (phase, done, total) -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            steps.add(new Step(phase, done, total));
            return true;
          });
      assertThat(steps.get(0).phase()).isEqualTo("flush");
      List<Step> merge = steps.stream().filter(step -> step.phase().equals("merge")).toList();
      assertThat(merge).extracting(Step::doneBytes).isSorted();
      assertThat(merge).hasSizeGreaterThan(2);
      assertThat(merge.get(merge.size() - 1)).isEqualTo(new Step("merge", input, input));
      assertThat(merge.stream().map(Step::doneBytes).distinct().count()).isGreaterThan(2);
      assertThat(database.statistics().get("table.runs")).isEqualTo(1);
      requireWhole(numbers);
    }
  }

  @Test
  void compact_cancelledHalfWay_leavesTablesAndContentAsTheyWere() throws IOException {
    try (Database database = open()) {
      Keyspace numbers = twoRuns(database);
      Set<String> before = tables();
      long input = database.statistics().get("table.bytes");
      List<Long> heard = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  database.compact(
                      (phase, done, total) -> {
                        heard.add(done);
                        return !phase.equals("merge") || done == 0;
                      }))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("cancelled after")
          .hasMessageContaining("of " + input + " bytes");
      assertThat(heard.get(heard.size() - 1)).isBetween(1L, input - 1);
      assertThat(tables()).isEqualTo(before);
      assertThat(database.statistics().get("table.runs")).isEqualTo(2);
      assertThat(database.statistics().get("merges")).isZero();
      requireWhole(numbers);
      database.compact();
      assertThat(database.statistics().get("table.runs")).isEqualTo(1);
      requireWhole(numbers);
    }
    try (Database again = open()) {
      requireWhole(again.keyspace("numbers"));
    }
  }

  @Test
  void compact_cancelledAtOnce_doesNothing() throws IOException {
    try (Database database = open()) {
      Keyspace numbers = twoRuns(database);
      numbers.put(key(0), value(0, 1));
      Set<String> before = tables();
      assertThatThrownBy(() -> database.compact((phase, done, total) -> false))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("before it began");
      assertThat(tables()).isEqualTo(before);
    }
  }

  @Test
  void compact_listenerThatThrows_endsTheMerge() {
    try (Database database = open()) {
      Keyspace numbers = twoRuns(database);
      assertThatThrownBy(
              () ->
                  database.compact(
                      (phase, done, total) -> {
                        if (done > 0 && phase.equals("merge")) {
                          throw new IllegalStateException("tired");
                        }
                        return true;
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("tired");
      numbers.put(key(0), value(0, 1));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> tables().size() == database.statistics().get("table.files"));
      requireWhole(numbers);
    }
  }

  @Test
  void compact_inMemory_tellsBytes() {
    try (Database database = Databases.open(LarderUri.parse("larder:mem:progress"))) {
      database.createKeyspace("numbers").put(key(1), value(1, 0));
      List<Step> steps = new ArrayList<>();
      database.compact((phase, done, total) -> steps.add(new Step(phase, done, total)));
      Step last = steps.get(steps.size() - 1);
      assertThat(last.doneBytes()).isEqualTo(last.totalBytes()).isPositive();
      assertThatThrownBy(() -> database.compact((phase, done, total) -> false))
          .isInstanceOf(CancelledException.class);
    }
  }
}
