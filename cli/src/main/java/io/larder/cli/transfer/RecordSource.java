package io.larder.cli.transfer;

import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.TableDefinition;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The records of a file, one after the other. Not thread-safe; whoever opened it closes it. */
interface RecordSource extends Closeable {

  /**
   * Returns the table the file says it is, under the name it is to have; empty if the file has no
   * types.
   */
  Optional<TableDefinition> declared(String tableName);

  /** Moves to the next record and returns whether there is one. */
  boolean next() throws IOException;

  /**
   * Returns the current record: what the file has for each column, null for null, in the order of
   * the file.
   */
  Map<String, @Nullable Object> fields();

  /** Returns where the current record is. */
  String place();

  /**
   * Returns what a field is as a value of a type.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  @Nullable Object convert(DataType type, @Nullable Object field);

  /** Returns what finds the types of the columns of files that do not have them. */
  TypeGuess newGuess();

  /** Returns how much of the file was read. */
  long bytesRead();

  /** Narrows down the types of all columns while records go by. */
  interface TypeGuess {

    /** Takes a record. */
    void see(Map<String, @Nullable Object> fields);

    /** Returns the columns in the order they were met, all of them nullable. */
    List<Column> columns();
  }
}
