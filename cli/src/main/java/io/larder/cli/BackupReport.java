package io.larder.cli;

import io.larder.cli.terminal.Amounts;
import io.larder.cli.terminal.TextTable;
import io.larder.engine.api.BackupInfo;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows what a backup is. Stateless. */
final class BackupReport {
  private BackupReport() {}

  static void print(PrintWriter out, List<BackupInfo> backups) {
    List<String> headings =
        List.of("NAME", "STATE AT", ">SEQUENCE", ">FILES", ">SIZE", ">OWN", ">KEYSPACES", "KIND");
    try (TextTable table = new TextTable(out, headings)) {
      for (BackupInfo each : backups) {
        table.add(
            List.of(
                each.name(),
                each.stateAt().toString(),
                String.format(Locale.ROOT, "%,d", each.sequence()),
                String.format(Locale.ROOT, "%,d", each.files()),
                Amounts.bytes(each.bytes()),
                Amounts.bytes(each.ownBytes()),
                String.format(Locale.ROOT, "%,d", each.keyspaces()),
                kind(each)));
      }
    }
  }

  private static String kind(BackupInfo backup) {
    return backup.singleFile() ? "single file" : backup.incremental() ? "incremental" : "full";
  }

  static Map<String, Object> json(BackupInfo backup) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", backup.name());
    json.put("path", backup.path().toString());
    json.put("database", String.format(Locale.ROOT, "%016x", backup.databaseId()));
    json.put("createdAt", backup.createdAt().toString());
    json.put("stateAt", backup.stateAt().toString());
    json.put("sequence", backup.sequence());
    json.put("kind", kind(backup));
    json.put("base", backup.base());
    json.put("files", backup.files());
    json.put("bytes", backup.bytes());
    json.put("ownBytes", backup.ownBytes());
    json.put("keyspaces", backup.keyspaces());
    return json;
  }
}
