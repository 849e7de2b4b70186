package io.larder.benchmarks;

import io.larder.benchmarks.engine.EngineGroup;
import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.Environment;
import io.larder.benchmarks.harness.Group;
import io.larder.benchmarks.harness.GroupResult;
import io.larder.benchmarks.harness.Report;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Tournament;
import io.larder.benchmarks.harness.Worker;
import io.larder.benchmarks.harness.WorkerLauncher;
import io.larder.benchmarks.jcache.CacheGroup;
import io.larder.benchmarks.jdbc.SqlGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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

  @Parameters(
      arity = "0..*",
      paramLabel = "GROUP",
      description =
          "Groups to run: engine, engine-memory, jcache, jcache-durable, jdbc. Default: all of them.")
  private List<String> groupNames = new ArrayList<>();

  @Option(names = "--quick", description = "100,000 entries, 3 rounds of 100 ms a workload.")
  private boolean quick;

  @Option(names = "--full", description = "1,000,000 entries, 5 rounds of 2 s a workload.")
  private boolean full;

  @Option(names = "--entries", description = "Entries to load.")
  private @Nullable Long entries;

  @Option(names = "--value-bytes", description = "Size of an engine value. Default: 100.")
  private int valueBytes = 100;

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
    List<GroupResult> results = new ArrayList<>();
    for (Group group : chosenGroups()) {
      Tournament tournament =
          new Tournament(group, settings, launcher, data, line -> System.err.println(line));
      GroupResult result = tournament.run(chosenContestants(group), chosenSteps(group, settings));
      results.add(result);
      print(result);
      Files.writeString(home.resolve("results.csv"), Report.csv(results));
      Files.writeString(home.resolve("results.json"), Report.json(environment, results));
    }
    if (!keepData) {
      Directories.delete(data);
    }
    System.out.println("results: " + home.resolve("results.csv") + ", results.json, logs");
    return results.stream().allMatch(result -> result.failures().isEmpty()) ? 0 : 1;
  }

  private static void print(GroupResult result) {
    System.out.println("== " + result.name() + ": " + result.title());
    System.out.println(Report.settings(result));
    System.out.println("medians; ratio above 1 means Larder is better than the best peer");
    System.out.println(Report.overview(result));
    System.out.println("CPU time of the calling threads, medians; less affected by other load");
    System.out.println(Report.cpuOverview(result));
    System.out.println("in detail");
    System.out.println(Report.details(result));
  }

  private RunSettings settings() {
    if (quick && full) {
      throw new CommandLine.ParameterException(
          new CommandLine(this), "choose one of --quick and --full");
    }
    long defaultEntries = quick ? 100_000 : 1_000_000;
    return new RunSettings(
        entries == null ? defaultEntries : entries,
        valueBytes,
        rounds == null ? (full ? 5 : 3) : rounds,
        millis == null ? (quick ? 100 : full ? 2_000 : 1_000) : millis,
        killEntries == null ? (quick ? 50_000 : 500_000) : killEntries);
  }

  private List<Group> chosenGroups() {
    try {
      return groupNames.isEmpty() ? groups() : groupNames.stream().map(SideBySide::group).toList();
    } catch (IllegalArgumentException unknown) {
      throw new CommandLine.ParameterException(new CommandLine(this), unknown.getMessage());
    }
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
