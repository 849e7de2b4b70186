package io.larder.cli;

import io.larder.cli.access.NotFoundException;
import io.larder.engine.Backups;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.CorruptionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Verifies backups. */
@Command(
    name = "verify",
    header = "read every byte of backups and compare with their inventories",
    description = {
      "Reads every byte of the named backups, or of all, and compares it with the checksums in the"
          + " inventory. Each is told as good or as damaged with the file; one that is damaged"
          + " makes the exit code 5."
    },
    footer = {
      "  larder backup verify /backup/shop",
      "  larder backup verify /backup/shop before-upgrade"
    })
final class BackupVerifyCommand extends BackupsCommand {

  @Parameters(index = "1..*", paramLabel = "NAME", description = "Which ones (default: all).")
  private List<String> names = new ArrayList<>();

  @Override
  int run(Backups backups) {
    List<String> wanted =
        names.isEmpty() ? backups.list().stream().map(BackupInfo::name).toList() : names;
    if (wanted.isEmpty()) {
      throw new NotFoundException(directory() + ": found no backup");
    }
    int code = ExitCodes.OK;
    for (String name : wanted) {
      String problem = "";
      try (ProgressBars progress = new ProgressBars()) {
        backups.verify(name, progress);
      } catch (CorruptionException e) {
        problem = Errors.text(e);
        code = ExitCodes.DAMAGED;
      }
      report(name, problem);
    }
    return code;
  }

  private void report(String name, String problem) {
    if (json()) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("name", name);
      result.put("good", problem.isEmpty());
      result.put("problem", problem);
      printJson(result);
    } else {
      out().println(name + ": " + (problem.isEmpty() ? "good" : "DAMAGED: " + problem));
    }
  }
}
