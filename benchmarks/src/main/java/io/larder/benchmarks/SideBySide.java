package io.larder.benchmarks;

import io.larder.benchmarks.engine.EngineGroup;
import io.larder.benchmarks.engine.ScalingGroup;
import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.Environment;
import io.larder.benchmarks.harness.Group;
import io.larder.benchmarks.harness.GroupResult;
import io.larder.benchmarks.harness.Report;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Schedule;
import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Tournament;
import io.larder.benchmarks.harness.Worker;
import io.larder.benchmarks.harness.WorkerLauncher;
import io.larder.benchmarks.jcache.CacheGroup;
import io.larder.benchmarks.jdbc.SqlGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs Larder and its peers side by side and prints what each reached. */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    description = "Measures Larder beside its peers, interleaved, each in a process of its own.",
    subcommands = SideBySide.WorkerCommand.class)
public final class SideBySide implements Callable<Integer> {

  private static final Duration SCALING_LIMIT = Duration.ofMinutes(12);

  @Parameters(
      arity = "0..*",
      paramLabel = "GROUP",
      description =
          "Groups to run: engine, engine-memory, engine-modes, scaling, jcache, jcache-durable, jdbc;"
              + " all-engine is the first four. Default: all but scaling.")
  private List<String> groupNames = new ArrayList<>();

  @Option(names = "--quick", description = "100,000 entries, 3 rounds of 100 ms a workload.")
  private boolean quick;

  @Option(names = "--full", description = "1,000,000 entries, 5 rounds of 2 s a workload.")
  private boolean full;

  @Option(names = "--entries", split = ",", description = "Entries to load; several, of scaling.")
  private List<Long> entries = new ArrayList<>();

  @Option(
      names = "--minutes",
      description =
          "About how long all groups may take: fewer rounds run, and scaling cuts what is too slow.")
  private @Nullable Double minutes;

  @Option(
      names = {"--value-size", "--value-bytes"},
      split = ",",
      description = "Size of an engine value; several, of scaling. Default: 100.")
  private List<Integer> valueBytes = new ArrayList<>();

  @Option(names = "--rounds", description = "Counted rounds.")
  private @Nullable Integer rounds;

  @Option(names = "--millis", description = "How long a timed workload runs.")
  private @Nullable Long millis;

  @Option(names = "--kill-entries", description = "Entries acknowledged before SIGKILL.")
  private @Nullable Long killEntries;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "CONTESTANT",
      description = "Run these contestants only.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--steps",
      split = ",",
      paramLabel = "WORKLOAD",
      description =
          "Run workloads whose names contain one of these only; loads they need must be named too.")
  private List<String> stepNames = new ArrayList<>();

  @Option(names = "--heap", description = "Heap of each process. Default: ${DEFAULT-VALUE}.")
  private String heap = "1g";

  @Option(names = "--jvm-option", description = "A further JVM option of each process.")
  private List<String> jvmOptions = new ArrayList<>();

  @Option(names = "--profile", description = "Record Larder's processes with Java Flight Recorder.")
  private boolean profile;

  @Option(
      names = "--directory",
      description = "Where data and results go. Default: ${DEFAULT-VALUE}.")
  private Path directory = Path.of("target", "side-by-side");

  @Option(names = "--keep-data", description = "Leave the stores behind for a look.")
  private boolean keepData;

  private static List<Group> groups() {
    return List.of(
        EngineGroup.onDisk(),
        EngineGroup.inMemory(),
        EngineGroup.modes(),
        ScalingGroup.usual(),
        CacheGroup.inMemory(),
        CacheGroup.durable(),
        new SqlGroup());
  }

  private static Group group(String name) {
    List<String> known = new ArrayList<>();
    for (Group group : groups()) {
      if (group.name().equals(name)) {
        return group;
      }
      known.add(group.name());
    }
    throw new IllegalArgumentException("no group is called " + name + "; known are " + known);
  }

  /** Runs the groups; returns 1 if a contestant failed. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    RunSettings settings = settings();
    Path home = Files.createDirectories(directory.toAbsolutePath().normalize());
    Path logs = Directories.recreate(home.resolve("logs"));
    Path data = Directories.recreate(home.resolve("data"));
    Map<String, String> environment = Environment.describe(settings, heap, data);
    WorkerLauncher launcher =
        new WorkerLauncher(SideBySide.class.getName(), heap, jvmOptions, profile, logs);
    System.out.println(Report.head(environment));
    StringBuilder report = new StringBuilder(Report.head(environment)).append('\n');
    List<GroupResult> results = new ArrayList<>();
    List<Group> groups = chosenGroups();
    double sharesLeft = groups.stream().mapToDouble(SideBySide::share).sum();
    long start = System.nanoTime();
    for (Group group : groups) {
      Duration limit = limit(group, System.nanoTime() - start, sharesLeft);
      sharesLeft -= share(group);
      GroupResult result = run(group, settings, launcher, data, limit);
      results.add(result);
      String text = text(result);
      System.out.println(text);
      report.append(text).append('\n');
      Files.writeString(home.resolve("report.txt"), report);
      Files.writeString(home.resolve("results.csv"), Report.csv(results));
      Files.writeString(home.resolve("results.json"), Report.json(environment, results));
    }
    if (!keepData) {
      Directories.delete(data);
    }
    System.out.println(
        "results: " + home.resolve("report.txt") + ", results.csv, results.json, logs");
    return results.stream().allMatch(result -> result.failures().isEmpty()) ? 0 : 1;
  }

  private GroupResult run(
      Group group, RunSettings settings, WorkerLauncher launcher, Path data, Duration limit)
      throws IOException, InterruptedException {
    if (group instanceof ScalingGroup scaling) {
      ScalingGroup sized = scaling.only(entries, valueBytes);
      return sized.run(
          chosenContestants(sized), settings.rounds(), limit, launcher, data, SideBySide::progress);
    }
    return new Tournament(
            group, settings, launcher, data, SideBySide::progress, Schedule.within(limit))
        .run(chosenContestants(group), chosenSteps(group, settings));
  }

  private static void progress(String line) {
    System.err.println(LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS) + " " + line);
  }

  /** How much of the time a group gets beside others. */
  private static double share(Group group) {
    return switch (group.name()) {
      case "scaling" -> 12;
      case "engine" -> 6.4;
      case "engine-memory", "engine-modes" -> 0.8;
      default -> 2;
    };
  }

  private Duration limit(Group group, long spentNanos, double sharesLeft) {
    if (minutes == null) {
      return group instanceof ScalingGroup ? SCALING_LIMIT : Duration.ofDays(1);
    }
    double leftNanos = Math.max(0, minutes * 60e9 - spentNanos);
    return Duration.ofNanos((long) (leftNanos * share(group) / sharesLeft));
  }

  private static String text(GroupResult result) {
    return String.join(
        "\n",
        "== " + result.name() + ": " + result.title(),
        Report.settings(result),
        "medians; ratio above 1 means Larder is better than the best peer",
        Report.overview(result),
        Report.notes(result),
        "CPU time of the calling threads, medians; less affected by other load",
        Report.cpuOverview(result),
        "heap allocated by the calling threads, medians; the caller's own arrays included",
        Report.allocationOverview(result),
        "in detail",
        Report.details(result));
  }

  private RunSettings settings() {
    if (quick && full) {
      throw new CommandLine.ParameterException(
          new CommandLine(this), "choose one of --quick and --full");
    }
    long defaultEntries = quick ? 100_000 : 1_000_000;
    return new RunSettings(
        entries.isEmpty() ? defaultEntries : entries.get(0),
        valueBytes.isEmpty() ? 100 : valueBytes.get(0),
        rounds == null ? (full ? 5 : 3) : rounds,
        millis == null ? (quick ? 100 : full ? 2_000 : 1_000) : millis,
        killEntries == null ? (quick ? 50_000 : 500_000) : killEntries);
  }

  private List<Group> chosenGroups() {
    try {
      return groupNames.isEmpty()
          ? groups().stream().filter(group -> !(group instanceof ScalingGroup)).toList()
          : groupNames.stream().flatMap(SideBySide::groupsCalled).toList();
    } catch (IllegalArgumentException unknown) {
      throw new CommandLine.ParameterException(new CommandLine(this), unknown.getMessage());
    }
  }

  private static Stream<Group> groupsCalled(String name) {
    return name.equals("all-engine")
        ? Stream.of("engine", "engine-memory", "engine-modes", "scaling").map(SideBySide::group)
        : Stream.of(group(name));
  }

  private List<Contestant> chosenContestants(Group group) {
    return group.contestants().stream()
        .filter(contestant -> only.isEmpty() || only.contains(contestant.id()))
        .toList();
  }

  private List<Step> chosenSteps(Group group, RunSettings settings) {
    return group.steps(settings).stream()
        .filter(
            step ->
                stepNames.isEmpty()
                    || stepNames.stream()
                        .anyMatch(name -> step.workload().contains(name.toUpperCase(Locale.ROOT))))
        .toList();
  }

  /** What a child process runs; for the launcher, not for people. */
  @Command(name = "worker", hidden = true)
  static final class WorkerCommand implements Callable<Integer> {

    @Parameters(index = "0")
    private String groupName = "";

    @Parameters(index = "1")
    private String contestant = "";

    @Parameters(index = "2")
    private Path directory = Path.of("");

    @Parameters(index = "3..*")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
      Group group = group(groupName);
      RunSettings runSettings = RunSettings.fromArguments(settings);
      Worker.serve(() -> group.open(contestant, runSettings, directory));
      return 0;
    }
  }

  /** The command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SideBySide()).execute(arguments));
  }
}
