package io.larder.cli.transfer;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.NotFoundException;
import io.larder.cli.access.TypedTarget;
import io.larder.cli.terminal.Progress;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.RowCodec;
import io.larder.tables.StagedTable;
import io.larder.tables.Store;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file into a table. The types are those the file carries, or the narrowest that fit every
 * record: then the file is read twice. A new table is filled beside the others and takes its name
 * at the end, so that there is the whole file or nothing of it. Used once, by one thread.
 */
public final class TableImport {
  private static final int BATCH_ROWS = 1_000;
  private static final int BATCH_BYTES = 4 << 20;
  private static final String EXPIRES_AT = TableDefinition.EXPIRES_AT.name();

  /** What happens if there is a table of the name. */
  public enum Existing {
    /** It is an error. */
    REFUSE,
    /** The file takes its place. */
    REPLACE,
    /** Rows are added to it; a key that is there is an error. */
    APPEND,
    /** Rows are added to it; a key that is there gets the row of the file. */
    UPDATE
  }

  /**
   * What to import.
   *
   * @param file the file
   * @param format its form
   * @param delimiter what separates fields of a CSV file
   * @param table the name of the table
   * @param key the columns of the key; empty if file or table say them
   * @param types the types of columns that are not to be found from the data
   * @param existing what happens if there is a table of the name
   */
  public record Plan(
      Path file,
      FileFormat format,
      char delimiter,
      String table,
      List<String> key,
      Map<String, DataType> types,
      Existing existing) {}

  /**
   * What was imported.
   *
   * @param rows number of rows written
   * @param definition the table
   */
  public record Result(long rows, TableDefinition definition) {}

  private final Plan plan;

  /** Creates an import. */
  public TableImport(Plan plan) {
    this.plan = plan;
  }

  /**
   * Runs the import.
   *
   * @throws BadInputException if file, key or table are not as they must be
   * @throws NotFoundException if rows are to be added to a table that is not there
   */
  public Result run(Store store) throws IOException {
    boolean exists = store.findTable(plan.table()).isPresent();
    if (plan.existing() == Existing.APPEND || plan.existing() == Existing.UPDATE) {
      if (!exists) {
        throw new NotFoundException("there is no table '" + plan.table() + "' to add rows to");
      }
      Table table = store.table(plan.table());
      long rows = write(store, table, SyncMode.ALWAYS);
      return new Result(rows, table.definition());
    }
    if (exists && plan.existing() == Existing.REFUSE) {
      throw new BadInputException(
          "table '"
              + plan.table()
              + "' exists already; choose another --into, or pass --replace, --append or --update");
    }
    TableDefinition definition = definition();
    try (StagedTable staged = store.stageTable(definition)) {
      // Nothing is promised before it is published, and publishing makes all of it durable.
      long rows = write(store, staged.table(), SyncMode.NONE);
      staged.publish(plan.existing() == Existing.REPLACE);
      return new Result(rows, definition);
    }
  }

  private RecordSource open() throws IOException {
    return plan.format() == FileFormat.CSV
        ? CsvSource.open(plan.file(), plan.delimiter())
        : JsonLinesSource.open(plan.file());
  }

  private TableDefinition definition() throws IOException {
    try (RecordSource source = open()) {
      TableDefinition declared = source.declared(plan.table()).orElse(null);
      if (declared == null) {
        return guessed(source);
      }
      List<String> key = declared.keyColumns().stream().map(Column::name).toList();
      if (!plan.key().isEmpty() && !plan.key().equals(key)) {
        throw new BadInputException(
            plan.file() + ": the file says that its key is " + key + ", --key says " + plan.key());
      }
      return withTypes(declared);
    }
  }

  private TableDefinition withTypes(TableDefinition definition) {
    List<Column> key = definition.keyColumns().stream().map(this::withType).toList();
    List<Column> values = definition.valueColumns().stream().map(this::withType).toList();
    List<String> names = definition.columns().stream().map(Column::name).toList();
    requireAll(plan.types().keySet(), names, "--type");
    return new TableDefinition(
        definition.name(), key, definition.valueKind(), values, definition.attributes());
  }

  private Column withType(Column column) {
    DataType type = plan.types().getOrDefault(column.name(), column.type());
    return new Column(column.name(), type, column.nullable(), column.defaultSql());
  }

  private TableDefinition guessed(RecordSource source) throws IOException {
    if (plan.key().isEmpty()) {
      throw new BadInputException(
          plan.file() + ": the file does not say what its key is; expected --key COLUMN");
    }
    RecordSource.TypeGuess guess = source.newGuess();
    long size = Files.size(plan.file());
    try (Progress progress = Progress.bytes("reading", size)) {
      while (source.next()) {
        guess.see(source.fields());
        progress.reached(source.bytesRead());
      }
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    guess.columns().forEach(column -> columns.put(column.name(), column));
    requireAll(plan.key(), List.copyOf(columns.keySet()), "--key");
    List<Column> key = new ArrayList<>();
    for (String name : plan.key()) {
      Column column = columns.remove(name);
      if (column == null) {
        throw new BadInputException("--key: the column '" + name + "' is named twice");
      }
      key.add(Column.notNull(name, column.type()));
    }
    columns.remove(EXPIRES_AT);
    try {
      return withTypes(
          new TableDefinition(
              plan.table(), key, ValueKind.ROW, List.copyOf(columns.values()), Map.of()));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(plan.file() + ": " + e.getMessage(), e);
    }
  }

  private void requireAll(Iterable<String> wanted, List<String> names, String option) {
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw new BadInputException(
            plan.file()
                + ": no column '"
                + name
                + "' for "
                + option
                + "; the columns are "
                + names);
      }
    }
  }

  private long write(Store store, Table table, SyncMode sync) throws IOException {
    List<Column> columns = table.definition().columns();
    Set<String> names = new HashSet<>();
    columns.forEach(column -> names.add(column.name()));
    WriteBatch batch = new WriteBatch();
    Set<ByteBuffer> batchKeys = new HashSet<>();
    long batchBytes = 0;
    long rows = 0;
    try (RecordSource source = open();
        Progress progress = Progress.bytes("importing", Files.size(plan.file()))) {
      while (source.next()) {
        @Nullable Object[] row = row(source, columns, names);
        try {
          batchBytes += put(batch, batchKeys, table, row, source);
        } catch (LarderException e) {
          throw new BadInputException(source.place() + ": " + e.getMessage(), e);
        }
        rows++;
        if (batch.size() >= BATCH_ROWS || batchBytes > BATCH_BYTES) {
          store.database().write(batch, sync);
          batch.clear();
          batchKeys.clear();
          batchBytes = 0;
          progress.reached(source.bytesRead());
        }
      }
      if (!batch.isEmpty()) {
        store.database().write(batch, sync);
      }
    }
    return rows;
  }

  private long put(
      WriteBatch batch,
      Set<ByteBuffer> batchKeys,
      Table table,
      @Nullable Object[] row,
      RecordSource source) {
    RowCodec codec = table.rows();
    byte[] key = codec.encodeKey(row);
    boolean taken = !batchKeys.add(ByteBuffer.wrap(key)) || table.keyspace().exists(key);
    if (taken && plan.existing() != Existing.UPDATE) {
      throw new BadInputException(
          source.place() + ": key " + keyText(table, row) + " was there before; keys are unique");
    }
    byte[] value = codec.encodeValue(row);
    batch.put(table.keyspace(), key, value, codec.expiresAtMillis(row));
    return key.length + (long) value.length;
  }

  private static String keyText(Table table, @Nullable Object[] row) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < table.definition().keyColumns().size(); i++) {
      texts.add("'" + row[i] + "'");
    }
    return String.join(", ", texts);
  }

  /** Returns the values in the table's order. */
  private @Nullable Object[] row(RecordSource source, List<Column> columns, Set<String> names) {
    Map<String, @Nullable Object> fields = source.fields();
    for (String name : fields.keySet()) {
      if (!names.contains(name)) {
        throw new BadInputException(
            source.place() + ": found the column '" + name + "', expected one of " + names);
      }
    }
    @Nullable Object[] row = new @Nullable Object[columns.size()];
    for (int i = 0; i < row.length; i++) {
      Column column = columns.get(i);
      row[i] = value(source, column, fields.get(column.name()));
      if (row[i] == null && !column.nullable()) {
        throw new BadInputException(
            place(source, column) + ": found no value, expected one: no row may be without");
      }
    }
    return row;
  }

  private static @Nullable Object value(
      RecordSource source, Column column, @Nullable Object field) {
    if (field == null) {
      return null;
    }
    try {
      return source.convert(column.type(), field);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          place(source, column)
              + ": found '"
              + shorten(field.toString())
              + "', expected "
              + TypedTarget.expected(column.type()),
          e);
    }
  }

  private static String place(RecordSource source, Column column) {
    return source.place() + ", column '" + column.name() + "'";
  }

  private static String shorten(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
