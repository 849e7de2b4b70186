package io.larder.cli;

import io.larder.cli.imports.CsvImport;
import io.larder.cli.terminal.Amounts;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.LarderUri;
import io.larder.tables.Column;
import io.larder.tables.Store;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Imports a CSV file into a table, so that a file of one's own can be tried at once. */
@Command(
    name = "import",
    description = {
      "Import a CSV file (UTF-8, with a header line) into a new table.",
      "Column types are found from the data; an empty field is NULL. All rows are imported or none."
    })
final class ImportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE.csv", description = "The file to read.")
  private Path file;

  @Option(
      names = "--into",
      required = true,
      paramLabel = "NAME",
      description = "The table to make.")
  private String table;

  @Option(
      names = "--key",
      required = true,
      paramLabel = "COLUMN",
      description = "The column that identifies a row; its values are unique.")
  private String key;

  @Option(
      names = "--database",
      paramLabel = "URI",
      defaultValue = "larder:larder-data",
      description = "Where to put it (default: ${DEFAULT-VALUE}).")
  private String database;

  @Option(
      names = "--delimiter",
      paramLabel = "CHAR",
      defaultValue = ",",
      description = "What separates the fields (default: ${DEFAULT-VALUE}).")
  private char delimiter;

  @Option(names = "--replace", description = "Drop a table of that name first.")
  private boolean replace;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    PrintWriter out = spec.commandLine().getOut();
    long startNanos = System.nanoTime();
    CsvImport.Result result;
    LarderUri uri = LarderUri.parse(database);
    EngineOptions.validate(uri, EngineOptions.all());
    try (Store store = Store.open(uri)) {
      if (replace && store.findTable(table).isPresent()) {
        store.dropTable(table);
      }
      result = new CsvImport(file, delimiter, table, key, out).run(store);
    }
    long nanos = System.nanoTime() - startNanos;
    out.printf(
        "%,d rows imported into %s in %s (%s)%n",
        result.rows(), table, Amounts.duration(nanos), Amounts.rate(result.rows(), nanos));
    for (Column column : result.columns()) {
      out.printf(
          "  %-30s %s%s%n",
          column.name(), column.type(), column.name().equals(key) ? "  primary key" : "");
    }
    out.printf("look at it: ./larder sql '%s' 'SELECT * FROM \"%s\" LIMIT 10'%n", database, table);
    return 0;
  }
}
