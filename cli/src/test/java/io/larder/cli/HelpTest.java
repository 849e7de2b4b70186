package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The help of every command: complete, with examples that the command understands, and the same in
 * docs/cli.md, which {@code -Dlarder.docs.write=true} writes anew.
 */
class HelpTest {
  private static final Path MANUAL = Path.of("..", "docs", "cli.md");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

  static List<CommandLine> commands() {
    List<CommandLine> all = new ArrayList<>();
    collect(Larder.commandLine(), all);
    return all;
  }

  private static void collect(CommandLine commandLine, List<CommandLine> all) {
    if (commandLine.getCommandName().equals("help")) {
      return;
    }
    all.add(commandLine);
    commandLine.getSubcommands().values().stream().distinct().forEach(each -> collect(each, all));
  }

  private static String help(CommandLine commandLine) {
    StringWriter text = new StringWriter();
    commandLine.usage(new PrintWriter(text), CommandLine.Help.Ansi.OFF);
    return text.toString().stripTrailing();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_hasEverySection(CommandLine commandLine) {
    assertThat(help(commandLine))
        .contains("NAME\n  larder", "SYNOPSIS\n  larder", "DESCRIPTION\n", "OPTIONS\n", "--help")
        .contains("EXIT CODES\n  0   done", "  5   damaged", "EXAMPLES\n  ")
        .doesNotContain("@|");
    assertThat(help(commandLine).lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void options_haveDescriptions(CommandLine commandLine) {
    commandLine
        .getCommandSpec()
        .args()
        .forEach(each -> assertThat(each.description()).as(each.toString()).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void examples_areUnderstood(CommandLine commandLine) {
    UsageMessageSpec usage = commandLine.getCommandSpec().usageMessage();
    for (String line : usage.footer()) {
      int start = line.indexOf("larder ");
      assertThat(start).as(line).isNotNegative();
      String command =
          line.substring(start + "larder ".length()).replaceFirst("( [|>] | && | {3}).*", "");
      if (line.contains("<(")) {
        command = command.substring(0, command.indexOf(')'));
      }
      if (command.contains("COMMAND")) {
        continue;
      }
      Larder.commandLine().parseArgs(words(command));
    }
  }

  private static String[] words(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      words.add(
          Stream.of(1, 2, 3).map(matcher::group).filter(each -> each != null).findFirst().get());
    }
    return words.toArray(String[]::new);
  }

  @Test
  void manual_isWhatHelpSays() throws IOException {
    StringBuilder manual = new StringBuilder();
    manual.append(
        """
        # The `larder` command

        Every command has this text behind `--help`; a test holds both against each other. What to do when is in
        [operations.md](operations.md).

        - Results go to the standard output, everything else to the standard error. With `--json` a result is one line of JSON for
          each thing it is about, and an error is `{"error": "...", "exitCode": N}` on the standard error.
        - Bars and colours appear on a terminal only; `NO_COLOR` is respected.
        - `--debug` shows the stack trace of an error.

        """);
    for (CommandLine each : commands()) {
      CommandSpec spec = each.getCommandSpec();
      manual
          .append("## ")
          .append(spec.qualifiedName())
          .append("\n\n```\n")
          .append(help(each))
          .append("\n```\n\n");
    }
    String text = manual.toString().stripTrailing() + "\n";
    if (Boolean.getBoolean("larder.docs.write")) {
      Files.writeString(MANUAL, text);
    }
    assertThat(MANUAL).as("run with -Dlarder.docs.write=true and commit it").hasContent(text);
  }

  @Test
  void completion_knowsEveryCommand() {
    for (String shell : List.of("bash", "zsh")) {
      CommandRun run = CommandRun.of("completion", shell);
      assertThat(run.code()).isZero();
      assertThat(run.out()).contains("keyspaces", "--prefix", "complete -F");
    }
    assertThat(CommandRun.of("completion", "csh").code()).isEqualTo(2);
    assertThat(AutoComplete.bash("larder", Larder.commandLine())).isNotEmpty();
  }
}
