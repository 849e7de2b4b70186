package io.larder.cli;

import io.larder.cli.terminal.Terminal;
import io.larder.cli.text.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code larder} command; each subcommand has a class of its own. */
@Command(
    name = "larder",
    header = "a durable key/value database for the JVM: JCache and SQL over one engine",
    description = {
      "A database is a directory. Each command opens it in this process; while another process has"
          + " it open, commands that need it open say who holds it and exit with 4."
    },
    footer = {
      "  larder import people.csv --into people --key id     make a table of a file",
      "  larder sql larder-data 'SELECT * FROM people'       ask it",
      "  larder scan larder-data people --limit 10           look at it",
      "  larder COMMAND --help                               all about a command"
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    version = "larder 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND")
public final class Larder {

  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("info", InfoCommand.class);
    COMMANDS.put("stats", StatsCommand.class);
    COMMANDS.put("keyspaces", KeyspacesCommand.class);
    COMMANDS.put("get", GetCommand.class);
    COMMANDS.put("put", PutCommand.class);
    COMMANDS.put("delete", DeleteCommand.class);
    COMMANDS.put("scan", ScanCommand.class);
    COMMANDS.put("export", ExportCommand.class);
    COMMANDS.put("import", ImportCommand.class);
    COMMANDS.put("sql", SqlCommand.class);
    COMMANDS.put("compact", CompactCommand.class);
    COMMANDS.put("verify", VerifyCommand.class);
    COMMANDS.put("repair", RepairCommand.class);
    COMMANDS.put("recover", RecoverCommand.class);
    COMMANDS.put("wal", WalCommand.class);
    COMMANDS.put("backup", BackupCommand.class);
    COMMANDS.put("recovery-points", RecoveryPointsCommand.class);
    COMMANDS.put("bench", BenchCommand.class);
    COMMANDS.put("demo", DemoCommand.class);
    COMMANDS.put("completion", CompletionCommand.class);
    COMMANDS.put("help", CommandLine.HelpCommand.class);
  }

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error, too.")
  private boolean debug;

  private Larder() {}

  /** Runs a command and exits with its code; see {@link ExitCodes}. */
  public static void main(String[] arguments) {
    CommandLine commandLine = commandLine(arguments);
    // Whatever the locale: what is exported here must be what is imported elsewhere.
    commandLine.setOut(utf8(FileDescriptor.out));
    commandLine.setErr(utf8(FileDescriptor.err));
    int code = commandLine.execute(arguments);
    commandLine.getOut().flush();
    System.exit(code);
  }

  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }

  /**
   * Returns the command line, ready to execute; errors are printed as one line without a stack
   * trace.
   */
  static CommandLine commandLine() {
    return commandLine(new String[0]);
  }

  /**
   * Knows the one command that is called, if one is: to know all of them takes longer than most
   * need to run.
   */
  private static CommandLine commandLine(String[] arguments) {
    CommandLine commandLine = new CommandLine(new Larder());
    String called = arguments.length == 0 ? "" : arguments[0];
    Class<?> only =
        called.equals("completion") || called.equals("help") ? null : COMMANDS.get(called);
    if (only == null) {
      COMMANDS.forEach(commandLine::addSubcommand);
    } else {
      commandLine.addSubcommand(called, only);
    }
    decorate(commandLine);
    return commandLine
        .registerConverter(Long.class, text -> number(text, Long::valueOf))
        .registerConverter(long.class, text -> number(text, Long::valueOf))
        .registerConverter(Integer.class, text -> number(text, Integer::valueOf))
        .registerConverter(int.class, text -> number(text, Integer::valueOf))
        .setColorScheme(Help.defaultColorScheme(Terminal.isColoured() ? Ansi.ON : Ansi.OFF))
        .setUsageHelpAutoWidth(Terminal.isOut())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(wrongUsage())
        .setExecutionExceptionHandler(failure());
  }

  private static <T> T number(String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("found '" + text + "', expected a whole number");
    }
  }

  /** Gives every command the same sections of help. */
  private static void decorate(CommandLine commandLine) {
    CommandLine.Model.UsageMessageSpec usage = commandLine.getCommandSpec().usageMessage();
    usage
        .headerHeading(
            "@|bold NAME|@%n  " + commandLine.getCommandSpec().qualifiedName("-") + " - ")
        .synopsisHeading("%n@|bold SYNOPSIS|@%n  ")
        .descriptionHeading("%n@|bold DESCRIPTION|@%n")
        .parameterListHeading("%n@|bold ARGUMENTS|@%n")
        .optionListHeading("%n@|bold OPTIONS|@%n")
        .commandListHeading("%n@|bold COMMANDS|@%n")
        .exitCodeListHeading("%n@|bold EXIT CODES|@%n")
        .exitCodeList(
            CommandLine.Model.UsageMessageSpec.keyValuesMap(ExitCodes.TABLE.toArray(String[]::new)))
        .footerHeading("%n@|bold EXAMPLES|@%n")
        .synopsisAutoIndentThreshold(0.5)
        .synopsisIndent(6);
    commandLine.getSubcommands().values().forEach(Larder::decorate);
  }

  private static IParameterExceptionHandler wrongUsage() {
    return (exception, arguments) -> {
      CommandLine commandLine = exception.getCommandLine();
      PrintWriter err = commandLine.getErr();
      boolean command = exception instanceof UnmatchedArgumentException && isRoot(commandLine);
      String text = command ? unknownCommand(arguments) : Errors.text(exception);
      printError(commandLine, text, ExitCodes.USAGE, isJson(arguments));
      if (isDebug(arguments)) {
        exception.printStackTrace(err);
      }
      if (!isJson(arguments) && !command) {
        err.println("usage: " + synopsis(commandLine) + "; see " + name(commandLine) + " --help");
      }
      return ExitCodes.USAGE;
    };
  }

  private static boolean isRoot(CommandLine commandLine) {
    return commandLine.getParent() == null;
  }

  private static String unknownCommand(String[] arguments) {
    return "there is no command '"
        + (arguments.length == 0 ? "" : arguments[0])
        + "'; the commands are "
        + String.join(", ", COMMANDS.keySet());
  }

  private static String synopsis(CommandLine commandLine) {
    return commandLine.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
  }

  private static String name(CommandLine commandLine) {
    return commandLine.getCommandSpec().qualifiedName();
  }

  private static boolean isJson(String[] arguments) {
    return List.of(arguments).contains("--json");
  }

  private static boolean isDebug(String[] arguments) {
    return List.of(arguments).contains("--debug");
  }

  private static IExecutionExceptionHandler failure() {
    return (exception, commandLine, parsed) -> {
      if (exception instanceof ParameterException wrong) {
        return wrongUsage()
            .handleParseException(wrong, parsed.originalArgs().toArray(String[]::new));
      }
      int code = ExitCodes.of(exception);
      boolean json = isMatched(parsed, "--json");
      printError(commandLine, Errors.text(exception), code, json);
      if (!json) {
        Errors.hints(exception).forEach(commandLine.getErr()::println);
      }
      if (commandLine.getCommandSpec().root().userObject() instanceof Larder root && root.debug) {
        exception.printStackTrace(commandLine.getErr());
      }
      return code;
    };
  }

  private static boolean isMatched(ParseResult parsed, String option) {
    ParseResult each = parsed;
    while (!each.hasMatchedOption(option) && each.hasSubcommand()) {
      each = each.subcommand();
    }
    return each.hasMatchedOption(option);
  }

  private static void printError(CommandLine commandLine, String text, int code, boolean json) {
    if (json) {
      Map<String, Object> error = new LinkedHashMap<>();
      error.put("error", text);
      error.put("exitCode", code);
      commandLine.getErr().println(Json.write(error));
    } else {
      Ansi ansi = Terminal.isErrColoured() ? Ansi.ON : Ansi.OFF;
      commandLine.getErr().println(ansi.string("@|red error:|@ ") + text);
    }
  }
}
