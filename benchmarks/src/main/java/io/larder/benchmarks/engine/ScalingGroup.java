package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.Group;
import io.larder.benchmarks.harness.GroupResult;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Schedule;
import io.larder.benchmarks.harness.Session;
import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Tournament;
import io.larder.benchmarks.harness.WorkerLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The storage engines at several numbers of entries and sizes of values, within a given time.
 *
 * <p>The time is shared out by cell and contestant; a fill that would take more is cut, and what a
 * small cell leaves over goes to the larger ones. Small cells run interleaved, as any group; of
 * large ones each contestant runs alone and its data is deleted before the next, so that not all of
 * them lie in memory at once.
 */
public final class ScalingGroup implements Group {

  private static final List<Long> ENTRIES = List.of(100_000L, 1_000_000L, 10_000_000L);
  private static final List<Integer> VALUE_BYTES = List.of(16, 100, 1 << 10, 1 << 16, 1 << 20);
  private static final long CELL_BYTES_MAX = 1_200_000_000L;
  private static final long TOGETHER_BYTES_MAX = 150_000_000L;
  private static final long CONTESTANT_NANOS_MIN = 1_500_000_000L;
  private static final long WORKLOAD_MILLIS_MIN = 50;
  private static final long WORKLOAD_MILLIS_MAX = 500;
  private static final double FILL_SHARE = 0.5;
  private static final double WORKLOAD_SHARE = 0.04;

  private final List<Long> entries;
  private final List<Integer> valueBytes;
  private final long cellBytesMax;

  private ScalingGroup(List<Long> entries, List<Integer> valueBytes, long cellBytesMax) {
    this.entries = List.copyOf(entries);
    this.valueBytes = List.copyOf(valueBytes);
    this.cellBytesMax = cellBytesMax;
  }

  /** The usual sizes. */
  public static ScalingGroup usual() {
    return new ScalingGroup(ENTRIES, VALUE_BYTES, CELL_BYTES_MAX);
  }

  /** Some sizes only; an empty list means the usual ones. */
  public ScalingGroup only(List<Long> someEntries, List<Integer> someValueBytes) {
    return new ScalingGroup(
        someEntries.isEmpty() ? entries : someEntries,
        someValueBytes.isEmpty() ? valueBytes : someValueBytes,
        cellBytesMax);
  }

  private List<ScalingCell> cells() {
    return ScalingCell.cells(entries, valueBytes, cellBytesMax);
  }

  @Override
  public String name() {
    return "scaling";
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT,
        "storage engines at several sizes, at most %,d MB a cell; fill in batches, random order,"
            + " no sync",
        cellBytesMax / 1_000_000);
  }

  @Override
  public List<Contestant> contestants() {
    return EngineGroup.productsOnDisk().stream()
        .filter(product -> product.abilities().contains(Ability.STORE))
        .map(EngineContestant::describe)
        .toList();
  }

  @Override
  public List<Step> steps(RunSettings settings) {
    return cells().stream().flatMap(cell -> ScalingWorkload.rows(cell).stream()).toList();
  }

  @Override
  public Session open(String contestant, RunSettings settings, Path directory) {
    return new ScalingSession(
        EngineGroup.product(EngineGroup.productsOnDisk(), contestant), settings, directory);
  }

  /** Runs all cells, the light ones first, and adds them up to one result. */
  public GroupResult run(
      List<Contestant> contestants,
      int rounds,
      Duration time,
      WorkerLauncher launcher,
      Path dataDirectory,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    RunSettings any = new RunSettings(1, VALUE_BYTES.get(0), 1, 1, 1);
    GroupResult result = new GroupResult(name(), title(), contestants, steps(any));
    List<ScalingCell> lightFirst =
        cells().stream().sorted(Comparator.comparingDouble(ScalingCell::weight)).toList();
    double weightLeft = lightFirst.stream().mapToDouble(ScalingCell::weight).sum();
    long deadline = System.nanoTime() + time.toNanos();
    for (ScalingCell cell : lightFirst) {
      long left = deadline - System.nanoTime();
      long share = (long) (left * cell.weight() / weightLeft) / contestants.size();
      weightLeft -= cell.weight();
      if (share < CONTESTANT_NANOS_MIN) {
        for (Contestant contestant : contestants) {
          result.addFailure(ScalingWorkload.FILL.step(cell), contestant, "no time left for it");
        }
        continue;
      }
      progress.accept(
          "%s: %s, %,d ms a contestant".formatted(name(), cell.label(), share / 1_000_000));
      boolean together = cell.shape().bytes() <= TOGETHER_BYTES_MAX;
      RunSettings settings = settings(cell, together ? rounds : 1, share);
      if (together) {
        run(cell, contestants, settings, launcher, dataDirectory, result);
      } else {
        for (Contestant contestant : contestants) {
          run(cell, List.of(contestant), settings, launcher, dataDirectory, result);
        }
      }
      noteCuts(cell, settings, result);
    }
    return result;
  }

  private void run(
      ScalingCell cell,
      List<Contestant> contestants,
      RunSettings settings,
      WorkerLauncher launcher,
      Path dataDirectory,
      GroupResult result)
      throws IOException, InterruptedException {
    new Tournament(this, settings, launcher, dataDirectory, line -> {}, Schedule.withoutWarmUp())
        .run(contestants, ScalingWorkload.steps(cell), result);
    Directories.delete(dataDirectory.resolve(name()));
  }

  private static RunSettings settings(ScalingCell cell, int rounds, long shareNanos) {
    long shareMillis = shareNanos / 1_000_000 / rounds;
    return new RunSettings(
        cell.entries(),
        cell.valueBytes(),
        rounds,
        (long)
            Math.max(
                WORKLOAD_MILLIS_MIN, Math.min(WORKLOAD_MILLIS_MAX, shareMillis * WORKLOAD_SHARE)),
        1,
        (long) Math.max(1, shareMillis * FILL_SHARE));
  }

  private static void noteCuts(ScalingCell cell, RunSettings settings, GroupResult result) {
    for (Contestant contestant : result.contestants()) {
      long loaded =
          result.measurements(ScalingWorkload.FILL.step(cell), contestant).stream()
              .mapToLong(Measurement::quantity)
              .min()
              .orElse(cell.entries());
      if (loaded < cell.entries()) {
        String note =
            "%s at %s: filling was cut after %.1f s at %s entries; its values are of these"
                .formatted(
                    contestant.id(),
                    cell.label(),
                    settings.fillMillisMax() / 1e3,
                    ScalingCell.count(loaded));
        for (Step step : ScalingWorkload.rows(cell)) {
          result.addNote(step, contestant, note);
        }
      }
    }
  }
}
