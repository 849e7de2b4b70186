package io.larder.simulation.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fills a process that has less heap than its memtable may take, until it is out of memory in the middle of a commit or
 * of writing a table: nothing acknowledged is lost, and a process with enough heap opens what is left.
 */
@Tag("long")
@Timeout(300)
class SmallHeapTest {
  private static final int STEPS = 100_000;
  private static final int LIVES = Integer.getInteger("larder.heap.lives", 1);

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "engine, 24m, 9000, 64KB",
    "engine, 24m, 2500, 4MB",
    "engine, 48m, 30001, 64KB",
    "cache, 24m, 3001, 64KB",
    "sql, 64m, 20011, 64KB"
  })
  void fullHeap_losesNothingAcknowledged(String door, String heap, int ballast, String memtable)
      throws Exception {
    Path patched = Files.createDirectory(temporary.resolve("patched"));
    String options = "wal.segment=64KB&sync=none&memtable.size=" + memtable;
    Series series =
        new Series(door, options, Files.createDirectory(temporary.resolve("series")), patched);
    for (int life = 0; life < LIVES; life++) {
      List<String> arguments = List.of("-Xmx" + heap, "-Dlarder.ballast=" + (ballast + 7 * life));
      Series.Life lived = series.run(STEPS, arguments, acknowledged -> false);
      series.judge(lived);
      System.out.printf(
          "%s with a heap of %s and a memtable of %s: %,d steps, out of memory: %s, status %d%n",
          door, heap, memtable, series.taken(), lived.outOfMemory(), lived.status());
      assertThat(lived.acknowledged()).isLessThan((life + 1L) * STEPS);
    }
  }
}
