package io.larder.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The {@code larder} command; each subcommand has a class of its own. */
@Command(
    name = "larder",
    description = "A durable key/value database for the JVM: JCache and SQL over one engine.",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    version = "larder 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ImportCommand.class,
      SqlCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Larder {

  private Larder() {}

  /** Runs a command and exits with its code: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Returns the command line, ready to execute; errors are printed as one line without a stack trace. */
  static CommandLine commandLine() {
    return new CommandLine(new Larder())
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              commandLine
                  .getErr()
                  .println(Ansi.AUTO.string("@|red error:|@ ") + Errors.text(exception));
              if (Boolean.getBoolean("larder.debug")) {
                exception.printStackTrace(commandLine.getErr());
              }
              return CommandLine.ExitCode.SOFTWARE;
            });
  }
}
