package io.larder.cli.demo;

import io.larder.cli.terminal.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the loading child process and kills it with SIGKILL in the middle of the load. */
final class CrashStep {

  private static final int EXIT_TIMEOUT_SECONDS = 30;

  private final DemoReport report;
  private final URI uri;
  private final int total;

  CrashStep(DemoReport report, URI uri, int total) {
    this.report = report;
    this.uri = uri;
    this.total = total;
  }

  /**
   * What the child did.
   *
   * @param acknowledged number of entries acknowledged to the child before it died
   * @param nanos time from the first acknowledgement to the last
   */
  record Crash(int acknowledged, long nanos) {}

  /** Runs the child and returns how far it came. */
  Crash run() throws IOException, InterruptedException {
    Process child = start();
    int killAt = (int) (total * 0.45);
    int acknowledged = 0;
    long firstNanos = 0;
    long lastNanos = 0;
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8);
        Progress progress = Progress.start(report.out(), "loading", total)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        lastNanos = System.nanoTime();
        firstNanos = firstNanos == 0 ? lastNanos : firstNanos;
        acknowledged = Integer.parseInt(line);
        progress.reached(acknowledged);
        if (acknowledged >= killAt && child.isAlive()) {
          child.toHandle().destroyForcibly(); // unlike the process's own, it leaves the pipe open
        }
      }
    } finally {
      child.destroyForcibly();
    }
    if (!child.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the child process did not die within " + EXIT_TIMEOUT_SECONDS + " s");
    }
    report.check(
        child.exitValue() != 0 && acknowledged >= killAt && acknowledged < total,
        "process %d killed in mid-load (exit code %d) after %,d of %,d acknowledged entries",
        child.pid(),
        child.exitValue(),
        acknowledged,
        total);
    return new Crash(acknowledged, lastNanos - firstNanos);
  }

  private Process start() throws IOException {
    String java = ProcessHandle.current().info().command().orElse("java");
    return new ProcessBuilder(
            List.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                DoomedLoad.class.getName(),
                uri.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
