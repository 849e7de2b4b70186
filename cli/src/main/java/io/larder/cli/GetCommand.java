package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.access.Target;
import io.larder.engine.api.Entry;
import io.larder.tables.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one entry. */
@Command(
    name = "get",
    header = "show the value of a key",
    description = {
      "Shows the value of a key: the value alone where there is one, a line a column where it is a"
          + " row.",
      "Keys and values of a table have the types of its columns. In a keyspace without types they"
          + " are bytes: a text is its UTF-8 bytes, and 0x before digits makes them hexadecimal."
    },
    footer = {
      "  larder get /var/lib/shop stock apples",
      "  larder get /var/lib/shop orders 2026-03-01 17        (a key of two columns)",
      "  larder get /var/lib/shop blobs 0x00ff --raw > value.bin"
    })
final class GetCommand extends TargetCommand {

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "KEY",
      description = "The key: a value for each of its columns, in their order.")
  private List<String> key;

  @Option(names = "--raw", description = "Write the bytes of the value as they are stored.")
  private boolean raw;

  @Override
  int run(OpenedDatabase opened) throws IOException {
    Target target = target(opened);
    byte[] keyBytes = target.key(key);
    Entry entry = target.keyspace().entry(keyBytes);
    if (entry == null) {
      throw noSuchKey(target, key);
    }
    if (raw) {
      System.out.write(entry.value());
      System.out.flush();
      return ExitCodes.OK;
    }
    @Nullable Object[] row = target.row(keyBytes, entry.value(), entry.expiresAtMillis());
    if (json()) {
      printJson(target.json(row));
    } else if (target.isRow() || row[row.length - 1] != null) {
      printColumns(target, row);
    } else {
      out().println(target.text(row.length - 2, row[row.length - 2]));
    }
    return ExitCodes.OK;
  }

  private void printColumns(Target target, @Nullable Object[] row) {
    List<String> names = new ArrayList<>();
    target.keyColumns().stream().map(Column::name).forEach(names::add);
    target.valueColumns().stream().map(Column::name).forEach(names::add);
    if (row[row.length - 1] != null) {
      names.add("expires_at");
    }
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    for (int i = 0; i < names.size(); i++) {
      out().printf("%-" + width + "s  %s%n", names.get(i), target.text(i, row[i]));
    }
  }
}
