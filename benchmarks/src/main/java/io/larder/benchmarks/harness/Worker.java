package io.larder.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The loop inside a child process: reads one command a line, runs it, answers with one line.
 * Confined to the main thread. Products that print to standard output are sent to standard error,
 * so that they cannot disturb the answers.
 */
public final class Worker {

  static final String PREFIX = "@@benchmark ";
  static final String READY = "ready";
  static final String MEASURED = "measured ";
  static final String ABSENT = "absent";
  static final String FAILED = "failed ";
  static final String RUN = "run ";
  static final String EXIT = "exit";

  private Worker() {}

  /** Opens the session on demand. */
  @FunctionalInterface
  public interface SessionOpener {
    /** Opens a contestant. */
    Session open() throws Exception;
  }

  /** Serves commands from standard input until told to exit. */
  public static void serve(SessionOpener opener) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    answer(answers, READY);
    Session session = null;
    try (BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String command;
      while ((command = commands.readLine()) != null && !command.equals(EXIT)) {
        if (command.startsWith(RUN)) {
          try {
            if (session == null) {
              session = opener.open();
            }
            answer(answers, run(session, command.substring(RUN.length())));
          } catch (Exception | LinkageError failure) {
            failure.printStackTrace();
            answer(answers, FAILED + oneLine(failure));
          }
        }
      }
    } finally {
      close(session);
    }
  }

  private static String run(Session session, String workload) throws Exception {
    Optional<Measurement> measurement = session.run(workload);
    return measurement.map(reading -> MEASURED + reading.toLine()).orElse(ABSENT);
  }

  private static String oneLine(Throwable failure) {
    StringBuilder line = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      line.append(line.length() == 0 ? "" : " <- ").append(cause);
    }
    String text = line.toString().replaceAll("\\s+", " ");
    return text.length() > 600 ? text.substring(0, 600) + "..." : text;
  }

  private static void answer(PrintStream answers, String text) throws IOException {
    answers.println(PREFIX + text);
    answers.flush();
    if (answers.checkError()) {
      throw new IOException("the parent process closed the pipe");
    }
  }

  private static void close(@Nullable Session session) throws IOException {
    if (session != null) {
      session.close();
    }
  }
}
