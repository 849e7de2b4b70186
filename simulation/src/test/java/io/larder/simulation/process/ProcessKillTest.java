package io.larder.simulation.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills real processes that work on the real file system through each door. Whatever was acknowledged is there
 * afterwards, of the one step begun all or nothing, and a further step works.
 *
 * <p>Kills at exact calls find what random ones do not: most of the time of a process goes by between the calls that
 * matter. {@code -Dlarder.kill.scale=N} makes the test N times as long, {@code -Dlarder.kill.seed=S} repeats a run.
 */
@Tag("long")
@Timeout(900)
class ProcessKillTest {
  private static final int KILLED = 137;
  private static final int STEPS = 150;
  private static final int LIVES_OF_A_DATABASE = 12;
  private static final int SCALE = Integer.getInteger("larder.kill.scale", 1);

  private final long seed = Long.getLong("larder.kill.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @TempDir Path temporary;
  private Path patched;
  private int databases;

  /** A place to die at. */
  private record Point(String call, long at, String moment) {
    List<String> arguments() {
      return List.of(
          "-Dlarder.kill.call=" + call, "-Dlarder.kill.at=" + at, "-Dlarder.kill.moment=" + moment);
    }
  }

  @BeforeEach
  void patch() throws Exception {
    patched = Files.createDirectory(temporary.resolve("patched"));
    PatchedClasses.writeTo(patched);
  }

  private Series series(String door, String sync) throws Exception {
    return new Series(
        door,
        Door.SMALL + sync,
        Files.createDirectory(temporary.resolve("series" + databases++)),
        patched);
  }

  @ParameterizedTest
  @CsvSource({"engine, always, 18", "engine, none, 12", "cache, always, 17", "sql, always, 13"})
  void kill_atAnExactCall_losesNothingAcknowledged(String door, String sync, int kills)
      throws Exception {
    Map<String, Long> counts = countedCalls(door, sync);
    int killed = 0;
    int opening = 0;
    long steps = 0;
    Series series = series(door, sync);
    for (int life = 0; killed < kills * SCALE; life++) {
      assertThat(life).as("processes for %d killed", killed).isLessThan(2 * kills * SCALE);
      if (life % LIVES_OF_A_DATABASE == LIVES_OF_A_DATABASE - 1) {
        steps += series.taken();
        series = series(door, sync);
      }
      Point point = point(counts, life);
      Series.Life lived = series.run(2 * STEPS, point.arguments(), acknowledged -> false);
      judge(series, lived, point.toString());
      assertThat(lived.status()).as(point.toString()).isIn(0, KILLED);
      killed += lived.status() == KILLED ? 1 : 0;
      opening += lived.opened() ? 0 : 1;
    }
    System.out.printf(
        "%s, sync=%s: %d processes killed at exact calls, %d of them while opening, %,d steps, calls %s%n",
        door, sync, killed, opening, steps + series.taken(), counts);
  }

  private void judge(Series series, Series.Life life, String place) {
    try {
      series.judge(life);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          place
              + ", seed "
              + seed
              + ", "
              + life
              + ": "
              + e.getMessage()
              + "\n  replay: mvn -pl"
              + " simulation -am verify -Dtest=ProcessKillTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dlarder.kill.seed="
              + seed,
          e);
    }
  }

  private Map<String, Long> countedCalls(String door, String sync) throws Exception {
    Series series = series(door, sync);
    Series.Life life = series.run(STEPS, List.of(), acknowledged -> false);
    assertThat(life.status()).isZero();
    series.judge(life);
    assertThat(series.counts()).containsKeys("open", "write", "sync", "rename", "syncDirectory");
    return series.counts();
  }

  /** Every kind of call gets its share, however rare it is. */
  private Point point(Map<String, Long> counts, int life) {
    List<String> calls = List.copyOf(counts.keySet());
    String call = calls.get(life % calls.size());
    List<String> moments =
        call.equals("write") ? List.of("before", "middle", "after") : List.of("before", "after");
    long at = 1 + Math.floorMod(random.nextLong(), counts.get(call));
    return new Point(call, at, moments.get(random.nextInt(moments.size())));
  }

  @ParameterizedTest
  @CsvSource({"engine, none, 12", "cache, interval, 10", "sql, always, 8"})
  void kill_againAndAgain_losesNothingAcknowledged(String door, String sync, int rounds)
      throws Exception {
    Series series = series(door, sync);
    for (int round = 0; round < rounds * SCALE; round++) {
      long fatal = series.taken() + 1 + random.nextInt(round % 3 == 0 ? 5 : 400);
      Series.Life life =
          series.run(Integer.MAX_VALUE / 2, List.of(), acknowledged -> acknowledged >= fatal);
      judge(series, life, "round " + round);
      assertThat(life.status()).isEqualTo(KILLED);
    }
    System.out.printf(
        "%s: %d processes killed by SIGKILL, %d steps%n", door, rounds * SCALE, series.taken());
  }
}
