package io.larder.benchmarks.harness;

import io.larder.benchmarks.harness.WorkerProcess.WorkerFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One run of a group: every contestant in a process of its own, all steps in turn, round after
 * round. Confined to the thread that runs it; it ends every process it started.
 *
 * <p>Within a round each step is run by one contestant after the other before the next step starts,
 * and the order rotates with the round, so that a slow minute of the machine hits all of them. The
 * first round warms up and is not counted. Dirty pages of one contestant are written out before the
 * next one runs.
 */
public final class Tournament {

  private static final String CLOSED = "closed";

  private final Group group;
  private final RunSettings settings;
  private final WorkerLauncher launcher;
  private final Path dataDirectory;
  private final Consumer<String> progress;
  private final Schedule schedule;
  private final Set<String> prepared = new HashSet<>();
  private final Set<String> impossible = new HashSet<>();

  /** A tournament that keeps its data below {@code dataDirectory}. */
  public Tournament(
      Group group,
      RunSettings settings,
      WorkerLauncher launcher,
      Path dataDirectory,
      Consumer<String> progress,
      Schedule schedule) {
    this.group = group;
    this.settings = settings;
    this.launcher = launcher;
    this.dataDirectory = dataDirectory;
    this.progress = progress;
    this.schedule = schedule;
  }

  /** Runs the given contestants and steps of the group. */
  public GroupResult run(List<Contestant> contestants, List<Step> steps)
      throws IOException, InterruptedException {
    GroupResult result = new GroupResult(group.name(), group.title(), contestants, steps);
    run(contestants, steps, result);
    return result;
  }

  /** Runs contestants and steps and adds what they reach to a result of these and others. */
  public void run(List<Contestant> contestants, List<Step> steps, GroupResult result)
      throws IOException, InterruptedException {
    Map<Contestant, WorkerProcess> workers = new LinkedHashMap<>();
    long start = System.nanoTime();
    long longest = 0;
    try {
      for (int round = schedule.warmUpRound() ? 0 : 1; round <= settings.rounds(); round++) {
        long begin = System.nanoTime();
        if (round > 1 && begin - start + longest > schedule.limit().toNanos()) {
          progress.accept(group.name() + ": no time for round " + round);
          break;
        }
        progress.accept(
            group.name()
                + (round == 0 ? ": warm-up" : ": round " + round + " of " + settings.rounds()));
        round(round, contestants, steps, workers, result);
        longest = Math.max(longest, System.nanoTime() - begin);
      }
    } finally {
      for (WorkerProcess worker : workers.values()) {
        worker.end();
      }
    }
  }

  private void round(
      int round,
      List<Contestant> contestants,
      List<Step> steps,
      Map<Contestant, WorkerProcess> workers,
      GroupResult result)
      throws IOException, InterruptedException {
    for (Step step : steps) {
      if (!step.runsIn(round)) {
        continue;
      }
      for (Contestant contestant : rotated(contestants, round)) {
        DiskWrites.flushDirtyPages();
        if (round == 0) {
          warmUp(step, contestant, workers, result);
        } else {
          turn(step, contestant, workers, result)
              .ifPresent(value -> count(round, step, contestant, value, result));
        }
      }
    }
  }

  /** Adds a reading and tells it at once, so that a run that is cut short has not measured for nothing. */
  private void count(
      int round, Step step, Contestant contestant, Measurement reading, GroupResult result) {
    result.add(step, contestant, reading);
    progress.accept(
        "%s: round %d, %s, %s: %s %s"
            .formatted(
                group.name(),
                round,
                step.label(),
                contestant.id(),
                Report.number(reading.in(step.unit())),
                step.unit().symbol()));
  }

  private Optional<Measurement> turn(
      Step step, Contestant contestant, Map<Contestant, WorkerProcess> workers, GroupResult result)
      throws IOException, InterruptedException {
    try {
      return switch (step.process()) {
        case WARM -> warm(step, contestant, workers);
        case FRESH -> fresh(step, contestant);
        case AFTER_CLOSE -> afterClose(step, contestant);
        case AFTER_KILL -> afterKill(step, contestant);
        case DERIVED -> result.latest(preparation(step), contestant);
      };
    } catch (WorkerFailedException failure) {
      result.addFailure(step, contestant, String.valueOf(failure.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Measurement> warm(
      Step step, Contestant contestant, Map<Contestant, WorkerProcess> workers)
      throws IOException, InterruptedException, WorkerFailedException {
    WorkerProcess worker = workers.get(contestant);
    if (worker == null) {
      worker = launch(contestant, WorkerProcess.MAIN);
      workers.put(contestant, worker);
      worker.awaitReady();
    }
    return worker.isAlive() ? worker.run(step.workload()) : Optional.empty();
  }

  /** Repeats short timed steps until the compiler has had time to do its work. */
  private void warmUp(
      Step step, Contestant contestant, Map<Contestant, WorkerProcess> workers, GroupResult result)
      throws IOException, InterruptedException {
    long spentNanos = 0;
    boolean again = true;
    while (again) {
      Optional<Measurement> reading = turn(step, contestant, workers, result);
      spentNanos += reading.map(Measurement::wallNanos).orElse(0L);
      again =
          reading.isPresent()
              && step.unit() == Unit.OPERATIONS_PER_SECOND
              && reading.get().wallNanos() > 0
              && spentNanos < settings.warmUpMillis() * 1_000_000;
    }
  }

  private Optional<Measurement> fresh(Step step, Contestant contestant)
      throws IOException, InterruptedException, WorkerFailedException {
    return runAlone(launch(contestant, "fresh"), step.workload());
  }

  private static String preparation(Step step) {
    String preparation = step.preparation();
    if (preparation == null) {
      throw new IllegalArgumentException("a step of this kind needs a preparation: " + step);
    }
    return preparation;
  }

  private Optional<Measurement> afterClose(Step step, Contestant contestant)
      throws IOException, InterruptedException, WorkerFailedException {
    String preparation = preparation(step);
    if (prepared.add(contestant.id() + " " + preparation)
        && runAlone(launch(contestant, CLOSED), preparation).isEmpty()) {
      impossible.add(contestant.id() + " " + preparation);
    }
    return impossible.contains(contestant.id() + " " + preparation)
        ? Optional.empty()
        : runAlone(launch(contestant, CLOSED), step.workload());
  }

  private Optional<Measurement> afterKill(Step step, Contestant contestant)
      throws IOException, InterruptedException, WorkerFailedException {
    String preparation = preparation(step);
    WorkerProcess victim = launch(contestant, "kill");
    try {
      victim.awaitReady();
      if (victim.run(preparation).isEmpty()) {
        return Optional.empty();
      }
    } finally {
      victim.kill();
    }
    return runAlone(launch(contestant, "kill"), step.workload());
  }

  private static Optional<Measurement> runAlone(WorkerProcess worker, String workload)
      throws InterruptedException, WorkerFailedException {
    try {
      worker.awaitReady();
      return worker.run(workload);
    } finally {
      worker.end();
    }
  }

  private WorkerProcess launch(Contestant contestant, String purpose) throws IOException {
    Path directory = dataDirectory.resolve(group.name()).resolve(contestant.id()).resolve(purpose);
    return launcher.launch(group.name(), contestant, directory, settings, purpose);
  }

  private static List<Contestant> rotated(List<Contestant> contestants, int round) {
    List<Contestant> order = new ArrayList<>();
    for (int place = 0; place < contestants.size(); place++) {
      order.add(contestants.get((place + round) % contestants.size()));
    }
    return order;
  }
}
