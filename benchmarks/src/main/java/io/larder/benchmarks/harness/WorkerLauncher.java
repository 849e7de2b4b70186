package io.larder.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts worker processes with the same JVM, class path and heap for every contestant, and what
 * options a contestant cannot do without. Immutable and thread-safe; the caller owns the processes
 * it gets.
 */
public final class WorkerLauncher {

  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);

  private final String mainClass;
  private final String heap;
  private final List<String> jvmOptions;
  private final boolean profileLarder;
  private final Path logDirectory;

  /**
   * A launcher.
   *
   * @param mainClass the class whose {@code worker} command serves
   * @param heap the heap size of every worker, as for {@code -Xmx}
   * @param jvmOptions further options of every worker
   * @param profileLarder whether Larder's workers record their flight to {@code logDirectory}
   * @param logDirectory an existing directory for what workers print
   */
  public WorkerLauncher(
      String mainClass,
      String heap,
      List<String> jvmOptions,
      boolean profileLarder,
      Path logDirectory) {
    this.mainClass = mainClass;
    this.heap = heap;
    this.jvmOptions = List.copyOf(jvmOptions);
    this.profileLarder = profileLarder;
    this.logDirectory = logDirectory;
  }

  /** The heap size every worker gets. */
  public String heap() {
    return heap;
  }

  /** A contestant that takes longer for one workload is given up, so that the others can go on. */
  private static Duration answerLimit(RunSettings settings) {
    long millis = ANSWER_LIMIT.toMillis() / 10 + 2 * settings.fillMillisMax();
    return Duration.ofMillis(Math.min(ANSWER_LIMIT.toMillis(), millis));
  }

  WorkerProcess launch(
      String group, Contestant contestant, Path directory, RunSettings settings, String purpose)
      throws IOException {
    Files.createDirectories(directory);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xms" + heap);
    command.add("-Xmx" + heap);
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (Runtime.version().feature() >= 24) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(contestant.jvmOptions());
    command.addAll(jvmOptions);
    String name = group + "-" + contestant.id();
    if (profileLarder
        && contestant.role() == Contestant.Role.LARDER
        && purpose.equals(WorkerProcess.MAIN)) {
      Path recording = logDirectory.resolve(name + ".jfr");
      command.add("-XX:StartFlightRecording=settings=profile,filename=" + recording);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.add("worker");
    command.add(group);
    command.add(contestant.id());
    command.add(directory.toString());
    command.addAll(settings.toArguments());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(
        ProcessBuilder.Redirect.appendTo(logDirectory.resolve(name + ".log").toFile()));
    return new WorkerProcess(name, builder.start(), answerLimit(settings));
  }
}
