package io.larder.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.benchmarks.harness.TinyWorker.TinyGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TournamentTest {

  @Test
  void run_contestantsWithKnownNumbers_mediansRatiosAndFailures(@TempDir Path directory)
      throws Exception {
    RunSettings settings = new RunSettings(1, 16, 3, 1, 1);
    TinyGroup group = new TinyGroup();
    Path logs = Files.createDirectories(directory.resolve("logs"));
    WorkerLauncher launcher =
        new WorkerLauncher(TinyWorker.class.getName(), "16m", List.of("-Xshare:auto"), false, logs);

    GroupResult result =
        new Tournament(
                group,
                settings,
                launcher,
                directory.resolve("data"),
                line -> {},
                Schedule.allRounds())
            .run(group.contestants(), group.steps(settings));

    // Call 0 was the warm-up; calls 1, 2, 3 read 30, 60, 90.
    assertThat(result.summary(TinyGroup.SHARE, TinyGroup.LARDER))
        .contains(new Summary(60, 30, 90, 3));
    assertThat(result.bestPeer(TinyGroup.SHARE, TinyGroup.LARDER)).contains(TinyGroup.FAST);
    assertThat(result.ratioToBestPeer(TinyGroup.SHARE, TinyGroup.LARDER)).contains(1.5);
    assertThat(result.ratioToBestPeer(TinyGroup.SHARE, TinyGroup.SLOW)).contains(0.5);
    assertThat(result.summary(TinyGroup.KEPT, TinyGroup.SLOW)).contains(new Summary(7, 7, 7, 3));
    assertThat(result.summary(TinyGroup.FAILING, TinyGroup.FAST)).isEmpty();
    assertThat(result.failures())
        .singleElement()
        .asString()
        .startsWith("slow, fails for one")
        .contains("slow returned wrong data");
  }

  @Test
  void run_onceAfterCloseAndDerived_readAsOftenAsTheyShouldInTheirUnits(@TempDir Path directory)
      throws Exception {
    TinyGroup group = new TinyGroup();
    GroupResult result =
        tournament(group, 3, directory, Schedule.withoutWarmUp())
            .run(
                List.of(TinyGroup.LARDER),
                List.of(TinyGroup.AMOUNT, TinyGroup.REOPENED, TinyGroup.RATE));

    assertThat(result.failures()).isEmpty();
    assertThat(result.summary(TinyGroup.AMOUNT, TinyGroup.LARDER))
        .contains(new Summary(1.5, 1.5, 1.5, 1));
    assertThat(result.summary(TinyGroup.REOPENED, TinyGroup.LARDER))
        .contains(new Summary(500, 500, 500, 3));
    assertThat(result.summary(TinyGroup.RATE, TinyGroup.LARDER))
        .contains(new Summary(14, 14, 14, 3));
  }

  @Test
  void run_eachCountedReading_isToldAtOnce(@TempDir Path directory) throws Exception {
    TinyGroup group = new TinyGroup();
    List<String> told = new ArrayList<>();
    tournament(group, 2, directory, Schedule.withoutWarmUp(), told::add)
        .run(List.of(TinyGroup.LARDER), List.of(TinyGroup.REOPENED));

    assertThat(told)
        .containsSubsequence(
            "tiny: round 1 of 2",
            "tiny: round 1, " + TinyGroup.REOPENED.label() + ", larder: 500 ms",
            "tiny: round 2 of 2",
            "tiny: round 2, " + TinyGroup.REOPENED.label() + ", larder: 500 ms");
  }

  @Test
  void run_noTimeLeft_oneRoundIsCountedAll(@TempDir Path directory) throws Exception {
    TinyGroup group = new TinyGroup();
    GroupResult result =
        tournament(group, 3, directory, Schedule.within(Duration.ZERO))
            .run(List.of(TinyGroup.LARDER), List.of(TinyGroup.SHARE));

    // Call 0 was the warm-up.
    assertThat(result.summary(TinyGroup.SHARE, TinyGroup.LARDER))
        .contains(new Summary(30, 30, 30, 1));
  }

  private static Tournament tournament(
      TinyGroup group, int rounds, Path directory, Schedule schedule) throws Exception {
    return tournament(group, rounds, directory, schedule, line -> {});
  }

  private static Tournament tournament(
      TinyGroup group, int rounds, Path directory, Schedule schedule, Consumer<String> progress)
      throws Exception {
    WorkerLauncher launcher =
        new WorkerLauncher(
            TinyWorker.class.getName(),
            "16m",
            List.of("-Xshare:auto"),
            false,
            Files.createDirectories(directory.resolve("logs")));
    return new Tournament(
        group,
        new RunSettings(1, 16, rounds, 1, 1),
        launcher,
        directory.resolve("data"),
        progress,
        schedule);
  }

  @Test
  void overview_notedValueAndMissedTarget_markedInText() {
    Step speed = Step.warm("SPEED", "speed", Unit.OPERATIONS_PER_SECOND).withTarget(0.5);
    GroupResult result =
        new GroupResult("tiny", "known", List.of(TinyGroup.LARDER, TinyGroup.SLOW), List.of(speed));
    result.add(speed, TinyGroup.LARDER, new Measurement(60, 1_000_000_000, 0, 0, 600));
    result.add(speed, TinyGroup.SLOW, new Measurement(100, 1_000_000_000, 0, 0, 0));
    result.addNote(speed, TinyGroup.SLOW, "slow was cut");

    assertThat(Report.overview(result).lines().toList())
        .contains("speed  op/s    60.0  100*       slow  0.60x");
    assertThat(Report.notes(result)).isEqualTo("  * slow was cut\n");
    assertThat(Report.allocationOverview(result).lines().toList())
        .contains("speed        10.0  0.00");
    assertThat(Report.json(Map.of(), List.of(result)))
        .contains("\"note\": \"slow was cut\"")
        .contains("\"heapBytesPerOperation\": 10.0000");
  }

  @Test
  void overview_lossAndWin_markedInText() {
    Step size = Step.warm("SIZE", "size", Unit.MEBIBYTES);
    Step speed = Step.warm("SPEED", "speed", Unit.OPERATIONS_PER_SECOND);
    GroupResult result =
        new GroupResult(
            "tiny", "known", List.of(TinyGroup.LARDER, TinyGroup.SLOW), List.of(size, speed));
    result.add(size, TinyGroup.LARDER, Measurement.amount(4L << 20));
    result.add(size, TinyGroup.SLOW, Measurement.amount(1L << 20));
    result.add(speed, TinyGroup.LARDER, new Measurement(500, 1_000_000_000, 1_000_000, 0, 0));
    result.add(speed, TinyGroup.SLOW, new Measurement(100, 1_000_000_000, 50_000, 0, 0));

    assertThat(Report.overview(result).lines().toList())
        .contains("size    MiB    4.00  1.00       slow  0.25x  LOSS")
        .contains("speed  op/s     500   100       slow  5.00x");
    assertThat(Report.csv(List.of(result)))
        .contains("tiny,SPEED,larder,1,op/s,500.000,500,1000000000,1000000,0,0");
    assertThat(Report.cpuOverview(result).lines().toList())
        .contains("speed        2.00  0.50  0.25x  LOSS");
    assertThat(Report.json(Map.of("java", "any"), List.of(result)))
        .contains("\"median\": 500.0000")
        .contains("\"ratioToBestOtherPeer\": 0.2500");
  }

  @Test
  void summary_evenNumberOfRounds_meanOfTheMiddleTwo() {
    List<Measurement> readings =
        List.of(
            Measurement.amount(9),
            Measurement.amount(1),
            Measurement.amount(4),
            Measurement.amount(2));

    assertThat(Summary.of(readings, reading -> reading.in(Unit.PERCENT)))
        .isEqualTo(new Summary(3, 1, 9, 4));
  }
}
