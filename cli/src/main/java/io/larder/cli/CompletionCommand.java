package io.larder.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what makes a shell complete the command. */
@Command(
    name = "completion",
    header = "print what makes a shell complete the command",
    description = {
      "Prints a script that makes the shell complete commands and options of larder with the Tab"
          + " key.",
      "Load it from the start-up file of the shell, as the examples show."
    },
    footer = {
      "  source <(larder completion bash)                                    (in ~/.bashrc)",
      "  autoload -U compinit && compinit && source <(larder completion zsh)   (in ~/.zshrc)"
    })
final class CompletionCommand extends LarderCommand {

  /** Shells that can be taught. */
  enum Shell {
    bash,
    zsh
  }

  @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
  private Shell shell;

  @Override
  public Integer call() {
    String script = AutoComplete.bash("larder", spec().root().commandLine());
    if (shell == Shell.zsh) {
      out().println("autoload -U +X bashcompinit && bashcompinit");
    }
    out().print(script);
    out().flush();
    return ExitCodes.OK;
  }
}
