package io.larder.cli;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.cli.transfer.TableImport;
import io.larder.cli.transfer.TableImport.Existing;
import io.larder.engine.api.LarderUri;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.TableDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a table of a file, or adds a file to a table. */
@Command(
    name = "import",
    header = "make a table of a file of CSV or JSON lines",
    description = {
      "Makes a table of a CSV file or of JSON lines (one object a line), or add such a file to a"
          + " table. Files are UTF-8.",
      "What 'larder export' writes carries its types and its key. For other files the types are the"
          + " narrowest that fit every row and lose nothing (007 stays a text), and --key names the"
          + " key. In CSV an empty field is NULL and \"\" is the empty text; a column expires_at"
          + " says when a row expires.",
      "All rows are imported or none: a new table appears when the last row is in it, and a table"
          + " that is replaced is there until then, whatever goes wrong, kill -9 included. --append"
          + " and --update write as they read: what was written before an error stays."
    },
    footer = {
      "  larder import people.csv --into people --key id",
      "  larder import orders.jsonl --into orders --key day,number --type total=DECIMAL",
      "  larder import people.csv --into people --key id --replace --database /var/lib/shop",
      "  zcat people.csv.gz | larder import - --into people --update"
    })
final class ImportCommand extends LarderCommand {

  @Parameters(paramLabel = "FILE", description = "The file to read; - is the standard input.")
  private Path file;

  @Option(
      names = "--into",
      required = true,
      paramLabel = "NAME",
      description = "The table to make, to replace or to add to.")
  private String table;

  @Option(
      names = "--key",
      split = ",",
      paramLabel = "COLUMN",
      description =
          "The column that identifies a row, or several, separated by commas. Not needed where file"
              + " or table say it.")
  private List<String> key = new ArrayList<>();

  @Option(
      names = "--database",
      paramLabel = "URI",
      defaultValue = "larder:larder-data",
      description = "Where to put it; created if it is not there (default: ${DEFAULT-VALUE}).")
  private String database;

  @Mixin private FileOptions form = new FileOptions();

  @Option(
      names = "--type",
      paramLabel = "COLUMN=TYPE",
      description =
          "The type of a column, instead of what is found: INTEGER, DOUBLE, UUID, INSTANT ...")
  private Map<String, DataType> types = new LinkedHashMap<>();

  @ArgGroup private Choice choice = new Choice();

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  /** What happens if the table exists; at most one of them. */
  private static final class Choice {
    @Option(names = "--replace", description = "Put the file in the place of a table of that name.")
    private boolean replace;

    @Option(names = "--append", description = "Add the rows; a key that is there is an error.")
    private boolean append;

    @Option(
        names = "--update",
        description = "Add the rows; a key that is there gets the row of the file.")
    private boolean update;

    Existing existing() {
      return replace
          ? Existing.REPLACE
          : append ? Existing.APPEND : update ? Existing.UPDATE : Existing.REFUSE;
    }
  }

  @Override
  public Integer call() throws Exception {
    if (!file.toString().equals("-")) {
      return run(file);
    }
    // The file may have to be read twice.
    Path copy = Files.createTempFile("larder-import-", ".data");
    try (InputStream input = System.in) {
      Files.copy(input, copy, StandardCopyOption.REPLACE_EXISTING);
      return run(copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private int run(Path source) throws IOException {
    requireReadable(source);
    long startNanos = System.nanoTime();
    LarderUri uri = OpenedDatabase.uri(database);
    TableImport.Plan plan =
        new TableImport.Plan(
            source, form.format(source), form.delimiter(), table, key, types, choice.existing());
    TableImport.Result result;
    try (OpenedDatabase opened = OpenedDatabase.created(uri)) {
      result = new TableImport(plan).run(opened.store().orElseThrow());
    }
    report(result, System.nanoTime() - startNanos);
    return ExitCodes.OK;
  }

  private static void requireReadable(Path source) throws NoSuchFileException {
    if (!Files.exists(source)) {
      throw new NoSuchFileException(source.toString());
    } else if (!Files.isRegularFile(source)) {
      throw new BadInputException(source + ": found a directory or device, expected a file");
    } else if (!Files.isReadable(source)) {
      throw new BadInputException(source + ": permission denied");
    }
  }

  private void report(TableImport.Result result, long nanos) {
    TableDefinition definition = result.definition();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("table", table);
      report.put("rows", result.rows());
      report.put("millis", nanos / 1_000_000);
      printJson(report);
      return;
    }
    out()
        .printf(
            "%,d rows imported into %s in %s (%s)%n",
            result.rows(), table, Amounts.duration(nanos), Amounts.rate(result.rows(), nanos));
    definition.keyColumns().forEach(column -> line(column, "  primary key"));
    definition.valueColumns().forEach(column -> line(column, ""));
    out().printf("look at it: larder scan '%s' %s --limit 10%n", database, table);
  }

  private void line(Column column, String role) {
    out().printf("  %-30s %s%s%n", column.name(), column.type(), role);
  }
}
