package io.larder.tables;

import io.larder.tables.internal.bytes.ByteInput;
import io.larder.tables.internal.bytes.ByteOutput;
import io.larder.tables.internal.key.KeyDecoder;
import io.larder.tables.internal.key.KeyEncoder;
import io.larder.tables.internal.key.OpaqueKeys;
import io.larder.tables.internal.serial.SafeSerialization;
import io.larder.tables.internal.shape.RowClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JCache view of one table. */
final class TypedEntryCodec<K, V> implements EntryCodec<K, V> {
  private final TableDefinition definition;
  private final Class<?> keyType;
  private final Class<?> valueType;
  private final Column[] keyColumns;
  private final @Nullable RowClass keyRecord;
  private final ColumnValues columnValues;
  private final KeyEncoder keyEncoder;
  private final KeyDecoder keyDecoder;
  private final ValueWriter writer;
  private final ValueReader reader;
  private final RowPlans valuePlans;
  private final TableRowCodec rows;
  private final String keyPlace;

  TypedEntryCodec(
      Table table,
      TableRowCodec rows,
      TypeDictionary dictionary,
      KnownClasses known,
      Class<K> keyType,
      Class<V> valueType,
      ClassLoader loader) {
    this.definition = table.definition();
    this.rows = rows;
    this.keyType = Coercions.boxed(keyType);
    this.valueType = Coercions.boxed(valueType);
    this.keyColumns = definition.keyColumns().toArray(Column[]::new);
    this.keyRecord = keyRecord(keyType, keyColumns);
    this.columnValues = new ColumnValues(definition.name());
    this.keyPlace = "key of table '" + definition.name() + "'";
    String valuePlace = "value of table '" + definition.name() + "'";
    Class<?>[] configured = configured(definition, keyType, valueType, loader);
    OpaqueKeys opaque =
        new SerializedKeys(new LoaderClasses(loader, known, keyPlace, configured), known, keyPlace);
    this.keyEncoder = new KeyEncoder(opaque);
    this.keyDecoder = new KeyDecoder(opaque);
    this.writer = new ValueWriter(dictionary, valuePlace, known::written);
    this.reader =
        new ValueReader(
            dictionary, new LoaderClasses(loader, known, valuePlace, configured), valuePlace);
    this.valuePlans = reader.plans(this.valueType);
  }

  private static @Nullable RowClass keyRecord(Class<?> keyType, Column[] keyColumns) {
    RowClass fields = TypedDefinitions.keyFields(keyType).orElse(null);
    if (fields == null || fields.size() != keyColumns.length) {
      return null;
    }
    boolean wholeInOneColumn =
        keyColumns.length == 1 && keyColumns[0].type() != DataType.of(fields.fieldType(0));
    return wholeInOneColumn ? null : fields;
  }

  /** The types asked for, and those the table was made with where the loader knows them. */
  private static Class<?>[] configured(
      TableDefinition definition, Class<?> keyType, Class<?> valueType, ClassLoader loader) {
    List<Class<?>> types = new ArrayList<>(List.of(keyType, valueType));
    for (String attribute : List.of(TableDefinition.KEY_CLASS, TableDefinition.VALUE_CLASS)) {
      String name = definition.attribute(attribute);
      if (name != null) {
        try {
          types.add(Class.forName(name, false, loader));
        } catch (ClassNotFoundException | LinkageError e) {
          // Not there: nothing of this class can be read, nothing else is concerned.
        }
      }
    }
    return types.toArray(Class<?>[]::new);
  }

  @Override
  public byte[] encodeKey(K key) {
    if (!keyType.isInstance(key)) {
      throw mismatch("key", key, keyType);
    }
    if (keyRecord != null) {
      return encodeComponents(componentsOf(key, keyRecord));
    } else if (keyColumns.length == 1) {
      return keyEncoder.encode(columnValues.fromJava(keyColumns[0], key));
    } else if (key instanceof List<?> list && list.size() == keyColumns.length) {
      return encodeComponents(list.toArray());
    }
    throw new TypeMismatchException(
        keyPlace
            + ": found "
            + Conversions.describe(key)
            + ", expected a list of the columns "
            + definition.keyColumns().stream().map(Column::name).toList());
  }

  private static @Nullable Object[] componentsOf(Object key, RowClass keyRecord) {
    @Nullable Object[] components = new @Nullable Object[keyRecord.size()];
    for (int i = 0; i < components.length; i++) {
      components[i] = keyRecord.get(key, i);
    }
    return components;
  }

  private byte[] encodeComponents(@Nullable Object[] components) {
    ByteOutput output = ByteOutput.borrow();
    for (int i = 0; i < components.length; i++) {
      Object component = columnValues.fromJava(keyColumns[i], components[i]);
      keyEncoder.put(output, component, i == components.length - 1);
    }
    return output.finish();
  }

  @Override
  @SuppressWarnings("unchecked") // checked against keyType, which is K's class
  public K decodeKey(byte[] key) {
    ByteInput input = new ByteInput(key, keyPlace);
    Object decoded;
    if (keyColumns.length == 1 && keyRecord == null) {
      decoded = keyDecoder.get(input, true);
    } else {
      @Nullable Object[] components = new @Nullable Object[keyColumns.length];
      for (int i = 0; i < components.length; i++) {
        components[i] = keyDecoder.get(input, i == components.length - 1);
      }
      decoded = keyRecord == null ? unmodifiable(components) : record(components, keyRecord);
    }
    input.expectEnd();
    return (K) fit("key", decoded, keyType);
  }

  private static List<@Nullable Object> unmodifiable(@Nullable Object[] components) {
    return Collections.unmodifiableList(Arrays.asList(components));
  }

  private Object record(@Nullable Object[] components, RowClass fields) {
    boolean[] present = new boolean[components.length];
    for (int i = 0; i < components.length; i++) {
      Object component = components[i];
      components[i] =
          component == null
              ? Coercions.zero(fields.fieldType(i))
              : fit("key", component, Coercions.boxed(fields.fieldType(i)));
      present[i] = true;
    }
    try {
      return fields.create(components, present);
    } catch (RuntimeException e) {
      throw new SerializationException(
          keyPlace
              + ": the constructor of "
              + fields.type().getName()
              + " refused the stored fields: "
              + e,
          e);
    }
  }

  @Override
  public byte[] encodeValue(V value) {
    if (!valueType.isInstance(value)) {
      throw mismatch("value", value, valueType);
    }
    if (definition.valueKind() == ValueKind.SCALAR) {
      Column column = definition.valueColumns().get(0);
      boolean asItIs =
          column.type() == DataType.ANY
              || value.getClass() == column.type().javaType()
              || DataType.of(value.getClass()) == column.type();
      return writer.encode(asItIs ? value : columnValues.fromJava(column, value));
    } else if (value instanceof Row row) {
      return rows.encodeNamed(row);
    } else if (RowClass.find(value.getClass()).isPresent()) {
      return writer.encode(value);
    }
    throw new TypeMismatchException(
        "value of table '"
            + definition.name()
            + "': found "
            + Conversions.describe(value)
            + ", expected a "
            + Row.class.getName()
            + ", record or bean with the fields "
            + definition.valueColumns().stream().map(Column::name).toList());
  }

  @Override
  @SuppressWarnings("unchecked") // checked against valueType, which is V's class
  public V decodeValue(byte[] value) {
    return (V) fit("value", reader.decode(value, valuePlans), valueType);
  }

  private Object fit(String what, @Nullable Object decoded, Class<?> type) {
    if (type.isInstance(decoded)) {
      return decoded;
    }
    Object fitted = decoded == null ? Coercions.MISFIT : Coercions.fit(decoded, type);
    if (fitted == Coercions.MISFIT) {
      throw mismatch("stored " + what, decoded, type);
    }
    return fitted;
  }

  private TypeMismatchException mismatch(String what, @Nullable Object found, Class<?> expected) {
    return new TypeMismatchException(
        what
            + " of table '"
            + definition.name()
            + "': found "
            + Conversions.describe(found)
            + ", expected "
            + expected.getTypeName());
  }

  /** Keys of other classes: Java serialization; equal keys must serialize to equal bytes. */
  private record SerializedKeys(ClassSource classes, KnownClasses known, String place)
      implements OpaqueKeys {
    @Override
    public byte[] write(Object value) {
      try {
        return SafeSerialization.write(value, known::written);
      } catch (IOException | StackOverflowError e) {
        throw new SerializationException(
            place
                + ": a key of class "
                + value.getClass().getName()
                + " cannot be serialized ("
                + e
                + ")",
            e);
      }
    }

    @Override
    public Object read(byte[] stream) {
      Object key = classes.object(stream);
      if (key == null) {
        throw new SerializationException(place + ": a serialized key is null");
      }
      return key;
    }
  }
}
