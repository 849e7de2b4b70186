package io.larder.tables;

import io.larder.tables.internal.bytes.ByteOutput;
import io.larder.tables.internal.bytes.Text;
import io.larder.tables.internal.serial.SafeSerialization;
import io.larder.tables.internal.shape.RowClass;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes values that describe themselves. Thread-safe; one for each codec, which holds the classes it has met no
 * longer than the codec lives.
 *
 * <p>How a class is written is decided once: scalars by their tag, the JDK's collections element by element,
 * records and plain beans as rows, enums by name, anything else by Java serialization. Objects nested deeper than
 * {@link ValueTags#DEPTH_MAX}, as those that contain themselves are, go through Java serialization as a whole.
 */
final class ValueWriter {
  private static final int NARROW_LIMIT = 0x100;

  /** Thrown up to the outermost object, to serialize that. */
  private static final class TooDeepException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooDeepException() {
      super("objects inside each other deeper than " + ValueTags.DEPTH_MAX, null, false, false);
    }
  }

  /** How objects of one class are written. */
  private interface Encoding {
    void put(ByteOutput output, Object value, int depth);
  }

  private final TypeDictionary dictionary;
  private final String place;
  private final Consumer<String> written;
  private final ConcurrentMap<Class<?>, Encoding> encodings = new ConcurrentHashMap<>();

  /**
   * @param place what messages call the values, such as {@code value of table 'x'}
   * @param written is told the names of classes that values were objects of
   */
  ValueWriter(TypeDictionary dictionary, String place, Consumer<String> written) {
    this.dictionary = dictionary;
    this.place = place;
    this.written = written;
  }

  /** Returns the bytes of a value. */
  byte[] encode(@Nullable Object value) {
    if (value instanceof String text) {
      // The usual values get an array of just their size, without a detour through scratch.
      ByteOutput exact = new ByteOutput(text.length() + (text.length() < 0x80 ? 2 : 3));
      exact.putByte(ValueTags.NARROW_TEXT);
      exact.putVarint(text.length());
      if (exact.putNarrow(text, NARROW_LIMIT)) {
        return exact.detach();
      }
    }
    ByteOutput output = ByteOutput.borrow();
    try {
      put(output, value, 0);
    } catch (TooDeepException e) {
      output.truncate(0);
      putSerialized(output, value == null ? "" : value);
    }
    return output.finish();
  }

  /** Returns the bytes of a row of a type. */
  byte[] encodeRow(int typeNumber, @Nullable Object[] fields) {
    ByteOutput output = ByteOutput.borrow();
    output.putByte(ValueTags.ROW);
    output.putVarint(typeNumber);
    try {
      for (Object field : fields) {
        put(output, field, 1);
      }
    } catch (TooDeepException e) {
      throw new SerializationException(place + ": " + e.getMessage(), e);
    }
    return output.finish();
  }

  private void put(ByteOutput output, @Nullable Object value, int depth) {
    if (value instanceof String text) {
      putText(output, text);
    } else if (value instanceof Integer number) {
      output.putByte(ValueTags.INTEGER);
      output.putZigzag(number);
    } else if (value instanceof Long number) {
      output.putByte(ValueTags.LONG);
      output.putZigzag(number);
    } else if (value == null) {
      output.putByte(ValueTags.NULL);
    } else if (value instanceof Boolean truth) {
      output.putByte(truth ? ValueTags.TRUE : ValueTags.FALSE);
    } else if (value instanceof Double number) {
      output.putByte(ValueTags.DOUBLE);
      output.putLong(Double.doubleToRawLongBits(number));
    } else {
      Class<?> type = value.getClass();
      Encoding encoding = encodings.get(type);
      if (encoding == null) {
        encoding = encodingOf(value);
        encodings.put(type, encoding);
      }
      encoding.put(output, value, depth);
    }
  }

  private static void putText(ByteOutput output, String text) {
    int start = output.size();
    output.putByte(ValueTags.NARROW_TEXT);
    output.putVarint(text.length());
    if (!output.putNarrow(text, NARROW_LIMIT)) {
      output.truncate(start);
      output.putByte(ValueTags.TEXT);
      output.putVarint(Text.length(text));
      Text.put(output, text);
    }
  }

  private Encoding encodingOf(Object value) {
    Encoding scalar = scalarEncoding(value);
    if (scalar == null) {
      scalar = timeEncoding(value);
    }
    if (scalar != null) {
      return scalar;
    }
    Class<?> type = value.getClass();
    if (value instanceof Row) {
      return (output, row, depth) -> putRow(output, (Row) row, depth);
    } else if (value instanceof OpaqueValue) {
      return (output, opaque, depth) -> putStream(output, ((OpaqueValue) opaque).stream());
    } else if (value instanceof Enum<?> constant) {
      return enumEncoding(constant.getDeclaringClass());
    } else if (value instanceof List<?> && CollectionKinds.ofList(type) != CollectionKinds.NONE) {
      int kind = CollectionKinds.ofList(type);
      return (output, list, depth) -> putAll(output, ValueTags.LIST, kind, (List<?>) list, depth);
    } else if (value instanceof Set<?> || value instanceof Map<?, ?>) {
      return this::putHashed;
    }
    Optional<RowClass> rowClass = RowClass.find(type);
    return rowClass.isPresent() ? rowEncoding(rowClass.get()) : this::putSerialized;
  }

  private static @Nullable Encoding scalarEncoding(Object value) {
    Class<?> type = value.getClass();
    if (type == Short.class) {
      return (output, number, depth) -> putInteger(output, ValueTags.SHORT, (Short) number);
    } else if (type == Byte.class) {
      return (output, number, depth) -> {
        output.putByte(ValueTags.BYTE);
        output.putByte((Byte) number);
      };
    } else if (type == Float.class) {
      return (output, number, depth) -> {
        output.putByte(ValueTags.FLOAT);
        output.putInt(Float.floatToRawIntBits((Float) number));
      };
    } else if (type == BigDecimal.class) {
      return (output, number, depth) -> putDecimal(output, (BigDecimal) number);
    } else if (type == BigInteger.class) {
      return (output, number, depth) ->
          putLengthAndBytes(output, ValueTags.BIG_INTEGER, ((BigInteger) number).toByteArray());
    } else if (type == Character.class) {
      return (output, unit, depth) -> {
        output.putByte(ValueTags.CHARACTER);
        output.putShort((Character) unit);
      };
    } else if (type == byte[].class) {
      return (output, bytes, depth) -> putLengthAndBytes(output, ValueTags.BYTES, (byte[]) bytes);
    } else if (type == UUID.class) {
      return (output, uuid, depth) -> putUuid(output, (UUID) uuid);
    }
    return null;
  }

  @SuppressWarnings({
    "JavaDurationGetSecondsGetNano",
    "JavaInstantGetSecondsGetNano",
    "JavaLocalDateTimeGetNano"
  }) // the seconds are written just before
  private static @Nullable Encoding timeEncoding(Object value) {
    Class<?> type = value.getClass();
    if (type == LocalDate.class) {
      return (output, date, depth) ->
          putInteger(output, ValueTags.DATE, ((LocalDate) date).toEpochDay());
    } else if (type == LocalTime.class) {
      return (output, time, depth) -> {
        output.putByte(ValueTags.TIME);
        output.putVarint(((LocalTime) time).toNanoOfDay());
      };
    } else if (type == LocalDateTime.class) {
      return (output, time, depth) -> {
        LocalDateTime timestamp = (LocalDateTime) time;
        putInteger(output, ValueTags.TIMESTAMP, timestamp.toEpochSecond(ZoneOffset.UTC));
        output.putVarint(timestamp.getNano());
      };
    } else if (type == Instant.class) {
      return (output, time, depth) -> {
        putInteger(output, ValueTags.INSTANT, ((Instant) time).getEpochSecond());
        output.putVarint(((Instant) time).getNano());
      };
    } else if (type == Date.class) {
      return (output, time, depth) -> putInteger(output, ValueTags.MILLIS, ((Date) time).getTime());
    } else if (type == Duration.class) {
      return (output, time, depth) -> {
        putInteger(output, ValueTags.DURATION, ((Duration) time).toSeconds());
        output.putVarint(((Duration) time).getNano());
      };
    } else if (type == OffsetDateTime.class) {
      return (output, time, depth) -> putOffsetTime(output, (OffsetDateTime) time);
    }
    return null;
  }

  private static void putInteger(ByteOutput output, int tag, long number) {
    output.putByte(tag);
    output.putZigzag(number);
  }

  private static void putOffsetTime(ByteOutput output, OffsetDateTime time) {
    putInteger(
        output, ValueTags.OFFSET_TIMESTAMP, time.toLocalDateTime().toEpochSecond(ZoneOffset.UTC));
    output.putVarint(time.getNano());
    output.putZigzag(time.getOffset().getTotalSeconds());
  }

  private static void putDecimal(ByteOutput output, BigDecimal number) {
    putInteger(output, ValueTags.DECIMAL, number.scale());
    byte[] unscaled = number.unscaledValue().toByteArray();
    output.putVarint(unscaled.length);
    output.putBytes(unscaled);
  }

  private static void putUuid(ByteOutput output, UUID uuid) {
    output.putByte(ValueTags.UUID);
    output.putLong(uuid.getMostSignificantBits());
    output.putLong(uuid.getLeastSignificantBits());
  }

  private static void putLengthAndBytes(ByteOutput output, int tag, byte[] bytes) {
    output.putByte(tag);
    output.putVarint(bytes.length);
    output.putBytes(bytes);
  }

  private void putAll(ByteOutput output, int tag, int kind, Collection<?> elements, int depth) {
    checkDepth(depth);
    // A copy, so that count and elements agree even if someone adds meanwhile.
    Object[] all = elements.toArray();
    output.putByte(tag);
    output.putByte(kind);
    output.putVarint(all.length);
    for (Object element : all) {
      put(output, element, depth + 1);
    }
  }

  private void putHashed(ByteOutput output, Object value, int depth) {
    int kind = CollectionKinds.ofHashed(value);
    if (kind == CollectionKinds.NONE) {
      putSerialized(output, value);
    } else if (value instanceof Set<?> set) {
      putAll(output, ValueTags.SET, kind, set, depth);
    } else if (value instanceof Map<?, ?> map) {
      checkDepth(depth);
      Object[] entries = map.entrySet().toArray();
      output.putByte(ValueTags.MAP);
      output.putByte(kind);
      output.putVarint(entries.length);
      for (Object entry : entries) {
        put(output, ((Map.Entry<?, ?>) entry).getKey(), depth + 1);
        put(output, ((Map.Entry<?, ?>) entry).getValue(), depth + 1);
      }
    }
  }

  private void putRow(ByteOutput output, Row row, int depth) {
    checkDepth(depth);
    output.putByte(ValueTags.ROW);
    output.putVarint(dictionary.numberOf(new RowType(row.typeName().orElse(null), row.names())));
    for (int i = 0; i < row.size(); i++) {
      put(output, row.get(i), depth + 1);
    }
  }

  private Encoding rowEncoding(RowClass rowClass) {
    String name = rowClass.type().getName();
    int number = dictionary.numberOf(new RowType(name, rowClass.names()));
    written.accept(name);
    return (output, object, depth) -> {
      checkDepth(depth);
      output.putByte(ValueTags.ROW);
      output.putVarint(number);
      for (int i = 0; i < rowClass.size(); i++) {
        put(output, rowClass.get(object, i), depth + 1);
      }
    };
  }

  private Encoding enumEncoding(Class<?> type) {
    int number = dictionary.numberOf(new RowType(type.getName(), List.of()));
    written.accept(type.getName());
    return (output, constant, depth) -> {
      output.putByte(ValueTags.ENUM);
      output.putVarint(number);
      putText(output, ((Enum<?>) constant).name());
    };
  }

  private void putSerialized(ByteOutput output, Object value, int depth) {
    putSerialized(output, value);
  }

  private void putSerialized(ByteOutput output, Object value) {
    try {
      putStream(output, SafeSerialization.write(value, written));
    } catch (IOException | StackOverflowError e) {
      throw new SerializationException(
          place
              + ": an object of class "
              + value.getClass().getName()
              + " cannot be serialized ("
              + e
              + "); expected a scalar, a record, a collection of such, or a"
              + " java.io.Serializable",
          e);
    }
  }

  private static void putStream(ByteOutput output, byte[] stream) {
    putLengthAndBytes(output, ValueTags.SERIALIZED, stream);
  }

  private static void checkDepth(int depth) {
    if (depth >= ValueTags.DEPTH_MAX) {
      throw new TooDeepException();
    }
  }
}
