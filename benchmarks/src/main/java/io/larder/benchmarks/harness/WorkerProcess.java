package io.larder.benchmarks.harness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running worker, seen from its parent. Confined to the thread that launched it. */
final class WorkerProcess {

  static final String MAIN = "main";

  private static final String END = "end";

  private final String name;
  private final Duration answerLimit;
  private final Process process;
  private final BufferedWriter commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private boolean alive = true;

  /** The worker could not do what it was told; the message says why. */
  static final class WorkerFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    WorkerFailedException(String message) {
      super(message);
    }
  }

  WorkerProcess(String name, Process process, Duration answerLimit) {
    this.name = name;
    this.answerLimit = answerLimit;
    this.process = process;
    this.commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread reader = new Thread(this::readAnswers, "answers-of-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  private void readAnswers() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        int start = line.indexOf(Worker.PREFIX);
        if (start >= 0) {
          answers.add(line.substring(start + Worker.PREFIX.length()));
        }
      }
    } catch (IOException closedByKill) {
      // A killed process closes its stream under the reader: the end, as at the end of the stream.
    }
    answers.add(END);
  }

  boolean isAlive() {
    return alive;
  }

  void awaitReady() throws WorkerFailedException, InterruptedException {
    String answer = nextAnswer("start");
    if (!answer.equals(Worker.READY)) {
      throw new WorkerFailedException("expected ready, found " + answer);
    }
  }

  /** Runs a workload; empty if the contestant has no such operation. */
  Optional<Measurement> run(String workload) throws WorkerFailedException, InterruptedException {
    try {
      commands.write(Worker.RUN + workload);
      commands.newLine();
      commands.flush();
    } catch (IOException failure) {
      alive = false;
      throw new WorkerFailedException("the process is gone: " + failure.getMessage());
    }
    String answer = nextAnswer(workload);
    if (answer.startsWith(Worker.MEASURED)) {
      return Optional.of(Measurement.fromLine(answer.substring(Worker.MEASURED.length())));
    }
    if (answer.equals(Worker.ABSENT)) {
      return Optional.empty();
    }
    throw new WorkerFailedException(
        answer.startsWith(Worker.FAILED) ? answer.substring(Worker.FAILED.length()) : answer);
  }

  private String nextAnswer(String command) throws WorkerFailedException, InterruptedException {
    @Nullable String answer = answers.poll(answerLimit.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      kill();
      throw new WorkerFailedException(
          "no answer to " + command + " within " + answerLimit.toSeconds() + " s, killed");
    }
    if (answer.equals(END)) {
      alive = false;
      throw new WorkerFailedException(
          "the process ended while it ran " + command + ", see " + name + ".log");
    }
    return answer;
  }

  /** Ends the process with SIGKILL and waits until it is gone. */
  void kill() throws InterruptedException {
    alive = false;
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks the worker to exit, and kills it if it does not within a minute. */
  void end() throws InterruptedException {
    if (alive) {
      try {
        commands.write(Worker.EXIT);
        commands.newLine();
        commands.flush();
      } catch (IOException alreadyGone) {
        alive = false;
      }
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        kill();
      }
    }
    alive = false;
  }
}
