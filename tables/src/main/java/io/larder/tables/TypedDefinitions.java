package io.larder.tables;

import io.larder.tables.internal.shape.RowClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the definition of a cache from its Java types. */
final class TypedDefinitions {
  /** Before the name of a column: the attribute with the name of the field behind it, where they differ. */
  static final String FIELD_ATTRIBUTE = "field.";

  private TypedDefinitions() {}

  static TableDefinition of(String name, Class<?> keyType, Class<?> valueType) {
    Map<String, String> attributes = new HashMap<>();
    putClass(attributes, TableDefinition.KEY_CLASS, keyType);
    putClass(attributes, TableDefinition.VALUE_CLASS, valueType);
    Set<String> taken = new HashSet<>();
    taken.add(TableDefinition.EXPIRES_AT.name());
    List<Column> keyColumns = new ArrayList<>();
    Optional<RowClass> keyFields = keyFields(keyType);
    if (keyFields.isPresent()) {
      for (int i = 0; i < keyFields.get().size(); i++) {
        keyColumns.add(column(keyFields.get(), i, taken));
      }
    } else {
      keyColumns.add(Column.notNull(TableDefinition.KEY_COLUMN, DataType.of(keyType)));
      taken.add(TableDefinition.KEY_COLUMN);
    }
    Optional<RowClass> valueFields = RowClass.find(valueType).filter(fields -> fields.size() > 0);
    if (valueFields.isEmpty()) {
      Column value =
          Column.notNull(free(TableDefinition.VALUE_COLUMN, taken), DataType.of(valueType));
      return new TableDefinition(name, keyColumns, ValueKind.SCALAR, List.of(value), attributes);
    }
    List<Column> valueColumns = new ArrayList<>();
    for (int i = 0; i < valueFields.get().size(); i++) {
      Column column = column(valueFields.get(), i, taken);
      valueColumns.add(column);
      String field = valueFields.get().names().get(i);
      if (!column.name().equals(field)) {
        attributes.put(FIELD_ATTRIBUTE + column.name(), field);
      }
    }
    return new TableDefinition(name, keyColumns, ValueKind.ROW, valueColumns, attributes);
  }

  /** Returns the fields of a key class that become key columns: those of a record of scalars. */
  static Optional<RowClass> keyFields(Class<?> keyType) {
    return RowClass.find(keyType)
        .filter(fields -> keyType.isRecord() && fields.size() > 0)
        .filter(TypedDefinitions::hasScalarsOnly);
  }

  private static boolean hasScalarsOnly(RowClass fields) {
    for (int i = 0; i < fields.size(); i++) {
      DataType type = DataType.of(fields.fieldType(i));
      if (type == DataType.ANY || type == DataType.LIST || type == DataType.MAP) {
        return false;
      }
    }
    return true;
  }

  private static void putClass(Map<String, String> attributes, String attribute, Class<?> type) {
    if (type != Object.class) {
      attributes.put(attribute, type.getName());
    }
  }

  private static Column column(RowClass fields, int field, Set<String> taken) {
    Class<?> type = fields.fieldType(field);
    String name = free(fields.names().get(field), taken);
    return new Column(name, DataType.of(type), !type.isPrimitive(), null);
  }

  private static String free(String wanted, Set<String> taken) {
    String name = wanted;
    while (!taken.add(name.toLowerCase(Locale.ROOT))) {
      name += "_";
    }
    return name;
  }
}
