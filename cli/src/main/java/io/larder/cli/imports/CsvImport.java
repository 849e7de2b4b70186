package io.larder.cli.imports;

import io.larder.cli.terminal.Progress;
import io.larder.engine.api.WriteBatch;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.RowCodec;
import io.larder.tables.Store;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.io.input.BOMInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Imports a CSV file with a header line into a new table, all of it or nothing. The file is read twice: once to find the
 * column types, once to write the rows. Used once, by one thread.
 */
public final class CsvImport {

  private static final int BATCH_ROWS = 1_000;
  private static final int BATCH_BYTES = 4 << 20;

  private final Path file;
  private final char delimiter;
  private final String tableName;
  private final String keyColumn;
  private final PrintWriter out;

  /** Creates an import of a file into the table {@code tableName} with {@code keyColumn} as its key. */
  public CsvImport(Path file, char delimiter, String tableName, String keyColumn, PrintWriter out) {
    this.file = file;
    this.delimiter = delimiter;
    this.tableName = tableName;
    this.keyColumn = keyColumn;
    this.out = out;
  }

  /**
   * What was imported.
   *
   * @param rows number of rows written
   * @param columns the table's columns, the key first
   */
  public record Result(long rows, List<Column> columns) {}

  /**
   * Runs the import.
   *
   * @throws ImportException if the file, the key or the table is not as it must be; the table does not exist then
   */
  public Result run(Store store) throws IOException {
    if (store.findTableIgnoringCase(tableName).isPresent()) {
      throw new ImportException(
          "table '" + tableName + "' exists already; choose another --into or pass --replace");
    }
    List<Column> columns = inspect();
    int keyIndex = keyIndex(columns);
    List<Column> values = new ArrayList<>(columns);
    Column key = values.remove(keyIndex);
    TableDefinition definition =
        new TableDefinition(tableName, List.of(key), ValueKind.ROW, values, Map.of());
    Table table = store.createTable(definition);
    boolean done = false;
    try {
      long rows = write(store, table, columns, keyIndex);
      store.database().sync();
      done = true;
      List<Column> order = new ArrayList<>(values);
      order.add(0, key);
      return new Result(rows, order);
    } finally {
      if (!done) {
        store.dropTable(tableName);
      }
    }
  }

  private List<Column> inspect() throws IOException {
    try (Source source = open();
        Progress progress = Progress.start(out, "reading", Files.size(file))) {
      List<String> names = header(source.parser());
      List<ColumnGuess> guesses = names.stream().map(name -> new ColumnGuess()).toList();
      for (CSVRecord row : source.parser()) {
        requireWidth(row, names.size());
        for (int column = 0; column < names.size(); column++) {
          guesses.get(column).see(row.get(column));
        }
        progress.reached(source.bytesRead());
      }
      progress.reached(Files.size(file));
      List<Column> columns = new ArrayList<>();
      for (int column = 0; column < names.size(); column++) {
        ColumnGuess guess = guesses.get(column);
        boolean nullable = guess.anyEmpty() && !names.get(column).equals(keyColumn);
        columns.add(new Column(names.get(column), guess.type(), nullable, null));
      }
      return columns;
    }
  }

  private List<String> header(CSVParser parser) {
    List<String> names = parser.getHeaderNames();
    if (names.isEmpty()) {
      throw new ImportException(file + ": no header line found; expected the column names");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isBlank() || !seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new ImportException(
            file + ": the header has an empty or repeated column name: " + names);
      }
    }
    return names;
  }

  private int keyIndex(List<Column> columns) {
    for (int index = 0; index < columns.size(); index++) {
      if (columns.get(index).name().equals(keyColumn)) {
        return index;
      }
    }
    throw new ImportException(
        file
            + ": no column '"
            + keyColumn
            + "' for --key; the columns are "
            + columns.stream().map(Column::name).toList());
  }

  private long write(Store store, Table table, List<Column> columns, int keyIndex)
      throws IOException {
    RowCodec codec = table.rows();
    WriteBatch batch = new WriteBatch();
    Set<ByteBuffer> batchKeys = new HashSet<>();
    long batchBytes = 0;
    long rows = 0;
    try (Source source = open();
        Progress progress = Progress.start(out, "importing", Files.size(file))) {
      for (CSVRecord record : source.parser()) {
        @Nullable Object[] row = row(record, columns, keyIndex);
        byte[] key = codec.encodeKey(row);
        if (!batchKeys.add(ByteBuffer.wrap(key)) || table.keyspace().exists(key)) {
          throw new ImportException(
              place(record)
                  + ": key '"
                  + record.get(keyIndex)
                  + "' was there before; keys are unique");
        }
        byte[] value = codec.encodeValue(row);
        batch.put(table.keyspace(), key, value);
        batchBytes += key.length + value.length;
        rows++;
        if (batch.size() == BATCH_ROWS || batchBytes > BATCH_BYTES) {
          store.database().write(batch);
          batch.clear();
          batchKeys.clear();
          batchBytes = 0;
          progress.reached(source.bytesRead());
        }
      }
      if (!batch.isEmpty()) {
        store.database().write(batch);
      }
      progress.reached(Files.size(file));
    }
    return rows;
  }

  /** Returns the values in the table's order: key, values, no expiry. */
  private @Nullable Object[] row(CSVRecord record, List<Column> columns, int keyIndex) {
    requireWidth(record, columns.size());
    @Nullable Object[] row = new @Nullable Object[columns.size() + 1];
    int target = 1;
    for (int column = 0; column < columns.size(); column++) {
      DataType type = columns.get(column).type();
      row[column == keyIndex ? 0 : target++] = ColumnGuess.value(type, record.get(column));
    }
    if (row[0] == null) {
      throw new ImportException(
          place(record) + ": the key column '" + keyColumn + "' is empty; every row needs a key");
    }
    return row;
  }

  private void requireWidth(CSVRecord record, int width) {
    if (record.size() != width) {
      throw new ImportException(
          place(record) + ": found " + record.size() + " values, expected " + width);
    }
  }

  private String place(CSVRecord record) {
    return file + " record " + record.getRecordNumber();
  }

  /** The open file: its records, and how much of it was read. */
  private record Source(CSVParser parser, BoundedInputStream bytes) implements Closeable {
    long bytesRead() {
      return bytes.getCount();
    }

    @Override
    public void close() throws IOException {
      parser.close();
    }
  }

  private Source open() throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(delimiter)
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .get();
    // Counted here: the parser's own count of bytes encodes every character a second time.
    BoundedInputStream bytes = BoundedInputStream.builder().setPath(file).get();
    CSVParser parser =
        CSVParser.builder()
            .setInputStream(BOMInputStream.builder().setInputStream(bytes).get())
            .setCharset(StandardCharsets.UTF_8)
            .setFormat(format)
            .get();
    return new Source(parser, bytes);
  }
}
