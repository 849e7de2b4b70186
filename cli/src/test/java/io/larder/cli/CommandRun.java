package io.larder.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * A command as a user runs it, in this process: what it printed and its exit code.
 *
 * @param code the exit code
 * @param out what it printed
 * @param err what it printed as errors
 */
record CommandRun(int code, String out, String err) {

  static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Larder.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    int code = commandLine.execute(arguments);
    commandLine.getOut().flush();
    return new CommandRun(code, out.toString(), err.toString());
  }

  /** Returns the output's lines. */
  java.util.List<String> lines() {
    return out.lines().toList();
  }
}
