package io.larder.cli;

import io.larder.cli.text.Json;
import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command has: where it writes to. */
abstract class LarderCommand implements Callable<Integer> {
  private static final int BUFFER_CHARACTERS = 1 << 16;

  @Spec private CommandSpec spec;

  /** Returns what picocli knows of the command. */
  final CommandSpec spec() {
    return spec;
  }

  /** Returns where results go; each line is flushed. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Returns where many lines of results go; whoever asks for it flushes it. */
  final PrintWriter bufferedOut() {
    return new PrintWriter(new BufferedWriter(out(), BUFFER_CHARACTERS));
  }

  /** Returns where notes to the person go. */
  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Writes a result for programs. */
  final void printJson(Map<String, ? extends @Nullable Object> result) {
    out().println(Json.write(result));
  }
}
