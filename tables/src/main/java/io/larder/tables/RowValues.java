package io.larder.tables;

import io.larder.tables.internal.bytes.ByteInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The values of a table as value columns. Thread-safe. */
final class RowValues {
  private static final int NO_NUMBER = -1;

  private final TableDefinition definition;
  private final TypeDictionary dictionary;
  private final ColumnValues values;
  private final ValueWriter writer;
  private final ValueReader reader;
  private final RowPlans anything;
  private final Column[] columns;
  private final RowType type;
  private final ConcurrentMap<Long, int[]> columnsOfTypes = new ConcurrentHashMap<>();
  private volatile int typeNumber = NO_NUMBER;

  RowValues(
      TableDefinition definition,
      TypeDictionary dictionary,
      KnownClasses known,
      ColumnValues values) {
    this.definition = definition;
    this.dictionary = dictionary;
    this.values = values;
    String place = "value of table '" + definition.name() + "'";
    this.writer = new ValueWriter(dictionary, place, known::written);
    this.reader = new ValueReader(dictionary, ClassSource.NONE, place);
    this.anything = reader.plans(Object.class);
    this.columns = definition.valueColumns().toArray(Column[]::new);
    this.type =
        new RowType(definition.attribute(TableDefinition.VALUE_CLASS), fieldNames(definition));
  }

  private static List<String> fieldNames(TableDefinition definition) {
    List<String> names = new ArrayList<>();
    for (Column column : definition.valueColumns()) {
      String field = definition.attribute(TypedDefinitions.FIELD_ATTRIBUTE + column.name());
      names.add(field == null ? column.name() : field);
    }
    return List.copyOf(names);
  }

  byte[] encode(@Nullable Object[] row, int keyCount) {
    if (definition.valueKind() == ValueKind.SCALAR) {
      return writer.encode(values.fromSql(columns[0], row[keyCount]));
    }
    @Nullable Object[] fields = new @Nullable Object[columns.length];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = values.fromSql(columns[i], row[keyCount + i]);
    }
    return writer.encodeRow(typeNumber(), fields);
  }

  byte[] encodeNamed(Row row) {
    @Nullable Object[] fields = new @Nullable Object[columns.length];
    for (int i = 0; i < row.size(); i++) {
      int column = RowPlans.indexOf(type.fieldNames(), row.names().get(i));
      if (column < 0) {
        throw new TypeMismatchException(
            "table '"
                + definition.name()
                + "' has no column '"
                + row.names().get(i)
                + "', expected "
                + type.fieldNames());
      }
      fields[column] = values.fromJava(columns[column], row.get(i));
    }
    return writer.encodeRow(typeNumber(), fields);
  }

  private int typeNumber() {
    int number = typeNumber;
    if (number == NO_NUMBER) {
      number = dictionary.numberOf(type);
      typeNumber = number;
    }
    return number;
  }

  /** Returns what messages call the values. */
  String place() {
    return reader.place();
  }

  /** Fills the value columns of a whole row. */
  void decode(byte[] value, @Nullable Object[] row, int keyCount) {
    ByteInput input = new ByteInput(value, reader.place());
    if (definition.valueKind() == ValueKind.SCALAR) {
      row[keyCount] = values.stored(columns[0], reader.get(input, anything, 0));
    } else {
      int[] targets = columnsOfRow(input);
      for (int column : targets) {
        if (column < 0) {
          ValueSkipper.skip(input, dictionary);
        } else {
          row[keyCount + column] = values.stored(columns[column], reader.get(input, anything, 1));
        }
      }
    }
    input.expectEnd();
  }

  /** Fills those value columns that are wanted. */
  void decode(ByteInput input, Projection projection, int keyCount, @Nullable Object[] target) {
    if (definition.valueKind() == ValueKind.SCALAR) {
      target[projection.target(keyCount)] =
          values.stored(columns[0], reader.get(input, anything, 0));
      return;
    }
    int[] stored = columnsOfRow(input);
    int missing = projection.valueColumns();
    for (int i = 0; i < stored.length && missing > 0; i++) {
      int position = stored[i] < 0 ? -1 : projection.target(keyCount + stored[i]);
      if (position < 0) {
        ValueSkipper.skip(input, dictionary);
      } else {
        target[position] = values.stored(columns[stored[i]], reader.get(input, anything, 1));
        missing--;
      }
    }
    if (missing > 0) {
      clearMissing(stored, projection, keyCount, target);
    }
  }

  /** Columns added since the row was written are null; the target may hold another row's values. */
  private void clearMissing(
      int[] stored, Projection projection, int keyCount, @Nullable Object[] target) {
    boolean[] present = new boolean[columns.length];
    for (int column : stored) {
      if (column >= 0) {
        present[column] = true;
      }
    }
    for (int i = 0; i < columns.length; i++) {
      int position = projection.target(keyCount + i);
      if (!present[i] && position >= 0) {
        target[position] = null;
      }
    }
  }

  /** Reads the head of a row and returns, for each stored field, the column it is, -1 = none. */
  private int[] columnsOfRow(ByteInput input) {
    int tag = input.getByte();
    if (tag != ValueTags.ROW) {
      input.position(0);
      Object found = reader.get(input, anything, 0);
      throw new TypeMismatchException(
          "table '"
              + definition.name()
              + "': a value is "
              + Conversions.describe(found)
              + ", expected a row of "
              + type.fieldNames());
    }
    long number = input.getVarint();
    int[] known = columnsOfTypes.get(number);
    if (known == null) {
      known =
          dictionary.typeOf(number).fieldNames().stream()
              .mapToInt(name -> RowPlans.indexOf(type.fieldNames(), name))
              .toArray();
      columnsOfTypes.put(number, known);
    }
    return known;
  }
}
