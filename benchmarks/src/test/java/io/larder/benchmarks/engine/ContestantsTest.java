package io.larder.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.benchmarks.SideBySide;
import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.GroupResult;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Schedule;
import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Tournament;
import io.larder.benchmarks.harness.Unit;
import io.larder.benchmarks.harness.WorkerLauncher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every product stores, reads and scans right, in the process and with the options of a run. */
class ContestantsTest {

  private static final Step CHECK = Step.fresh("SELF_CHECK", "self-check", Unit.MILLISECONDS);

  @TempDir Path directory;

  static Stream<String> products() {
    return EngineGroup.productsOnDisk().stream()
        .filter(product -> product.abilities().contains(Ability.STORE))
        .map(product -> product.describe().id());
  }

  private WorkerLauncher launcher() throws Exception {
    return new WorkerLauncher(
        SideBySide.class.getName(),
        "600m",
        List.of("-XX:TieredStopAtLevel=1"),
        false,
        Files.createDirectories(directory.resolve("logs")));
  }

  @ParameterizedTest
  @MethodSource("products")
  void selfCheck_productOnDisk_answersAsAMapDoes(String product) throws Exception {
    EngineGroup group = EngineGroup.onDisk();
    Contestant contestant = EngineGroup.product(EngineGroup.productsOnDisk(), product).describe();
    GroupResult result =
        new Tournament(
                group,
                new RunSettings(1, 100, 1, 1, 1),
                launcher(),
                directory.resolve("data"),
                line -> {},
                Schedule.withoutWarmUp())
            .run(List.of(contestant), List.of(CHECK));

    assertThat(result.failures()).isEmpty();
    assertThat(result.measurements(CHECK, contestant))
        .singleElement()
        .satisfies(reading -> assertThat(reading.quantity()).isGreaterThan(2_000));
  }

  @Test
  void run_scalingOfTwoTinyCells_everyValueOfLarderAndWhatIsCutIsNoted() throws Exception {
    ScalingGroup group = ScalingGroup.usual().only(List.of(300L), List.of(16, 70_000));
    List<Contestant> contestants = group.contestants().subList(0, 1);

    GroupResult result =
        group.run(contestants, 1, Duration.ofMinutes(1), launcher(), directory, line -> {});

    assertThat(result.failures()).isEmpty();
    assertThat(result.steps()).hasSize(12);
    for (Step step : result.steps()) {
      assertThat(result.measurements(step, contestants.get(0)))
          .as(step.label())
          .singleElement()
          .extracting(Measurement::quantity)
          .satisfies(quantity -> assertThat(quantity).isPositive());
    }
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void cells_moreBytesThanAllowed_fewerEntriesAndNoCellTwice() {
    assertThat(
            ScalingCell.cells(
                List.of(100_000L, 1_000_000L, 10_000_000L),
                List.of(16, 100, 1_024, 65_536),
                1_200_000_000L))
        .containsExactly(
            new ScalingCell(100_000, 16),
            new ScalingCell(1_000_000, 16),
            new ScalingCell(10_000_000, 16),
            new ScalingCell(100_000, 100),
            new ScalingCell(1_000_000, 100),
            new ScalingCell(10_000_000, 100),
            new ScalingCell(100_000, 1_024),
            new ScalingCell(1_000_000, 1_024),
            new ScalingCell(18_306, 65_536));
  }
}
