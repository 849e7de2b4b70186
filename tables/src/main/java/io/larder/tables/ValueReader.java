package io.larder.tables;

import io.larder.engine.api.CorruptionException;
import io.larder.tables.RowPlans.FieldPlan;
import io.larder.tables.RowPlans.RowPlan;
import io.larder.tables.internal.bytes.ByteInput;
import io.larder.tables.internal.bytes.Text;
import io.larder.tables.internal.shape.RowClass;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that {@link ValueWriter} wrote. Thread-safe; one for each codec. What rows, constants and serialized
 * objects become is up to a {@link ClassSource}.
 */
final class ValueReader {
  private final TypeDictionary dictionary;
  private final ClassSource classes;
  private final String place;
  private final ConcurrentMap<Class<?>, RowPlans> plans = new ConcurrentHashMap<>();

  /**
   * @param place what messages call the values, such as {@code value of table 'x'}
   */
  ValueReader(TypeDictionary dictionary, ClassSource classes, String place) {
    this.dictionary = dictionary;
    this.classes = classes;
    this.place = place;
  }

  TypeDictionary dictionary() {
    return dictionary;
  }

  ClassSource classes() {
    return classes;
  }

  String place() {
    return place;
  }

  /** Returns the plans for rows where a class is expected; always the same for a class. */
  RowPlans plans(Class<?> expected) {
    RowPlans known = plans.get(expected);
    if (known != null) {
      return known;
    }
    RowPlans made = new RowPlans(expected);
    RowPlans earlier = plans.putIfAbsent(expected, made);
    return earlier == null ? made : earlier;
  }

  /** Returns the value of the bytes, all of which must belong to it. */
  @Nullable Object decode(byte[] value, RowPlans expected) {
    if (value.length > 1 && value[0] == ValueTags.NARROW_TEXT && value[1] == value.length - 2) {
      // A short text alone, the most usual value: nothing can follow or be missing.
      return new String(value, 2, value.length - 2, StandardCharsets.ISO_8859_1);
    }
    ByteInput input = new ByteInput(value, place);
    Object decoded = get(input, expected, 0);
    input.expectEnd();
    return decoded;
  }

  /** Reads a value; rows in it become what the plans say. */
  @Nullable Object get(ByteInput input, RowPlans expected, int depth) {
    int tag = input.getByte();
    return switch (tag) {
      case ValueTags.NARROW_TEXT -> narrowText(input);
      case ValueTags.TEXT -> Text.get(input, input.getLength());
      case ValueTags.INTEGER -> (int) bounded(input, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case ValueTags.LONG -> input.getZigzag();
      case ValueTags.ROW -> row(input, expected, depth);
      case ValueTags.NULL -> null;
      case ValueTags.FALSE -> false;
      case ValueTags.TRUE -> true;
      case ValueTags.DOUBLE -> Double.longBitsToDouble(input.getLong());
      case ValueTags.LIST, ValueTags.SET, ValueTags.MAP -> collection(input, tag, depth);
      case ValueTags.ENUM -> constant(input, expected.expected());
      case ValueTags.SERIALIZED -> classes.object(input.getBytes(input.getLength()));
      default -> tag < ValueTags.DATE ? scalar(input, tag) : time(input, tag);
    };
  }

  private static String narrowText(ByteInput input) {
    int length = input.getLength();
    int start = input.position();
    input.skip(length);
    return new String(input.array(), start, length, StandardCharsets.ISO_8859_1);
  }

  private static long bounded(ByteInput input, long least, long most) {
    long number = input.getZigzag();
    if (number < least || number > most) {
      throw input.corrupt("the number " + number + " is not between " + least + " and " + most);
    }
    return number;
  }

  private static Object scalar(ByteInput input, int tag) {
    return switch (tag) {
      case ValueTags.BYTE -> (byte) input.getByte();
      case ValueTags.SHORT -> (short) bounded(input, Short.MIN_VALUE, Short.MAX_VALUE);
      case ValueTags.FLOAT -> Float.intBitsToFloat(input.getInt());
      case ValueTags.BIG_INTEGER -> bigInteger(input);
      case ValueTags.DECIMAL -> {
        int scale = (int) bounded(input, Integer.MIN_VALUE, Integer.MAX_VALUE);
        yield new BigDecimal(bigInteger(input), scale);
      }
      case ValueTags.CHARACTER -> (char) input.getShort();
      case ValueTags.BYTES -> input.getBytes(input.getLength());
      case ValueTags.UUID -> new UUID(input.getLong(), input.getLong());
      default -> throw unknown(input, tag);
    };
  }

  private static BigInteger bigInteger(ByteInput input) {
    int length = input.getLength();
    if (length == 0) {
      throw input.corrupt("a number has no bytes");
    }
    return new BigInteger(input.getBytes(length));
  }

  private static Object time(ByteInput input, int tag) {
    try {
      return switch (tag) {
        case ValueTags.DATE -> LocalDate.ofEpochDay(input.getZigzag());
        case ValueTags.TIME -> LocalTime.ofNanoOfDay(input.getVarint());
        case ValueTags.TIMESTAMP ->
            LocalDateTime.ofEpochSecond(input.getZigzag(), nanos(input), ZoneOffset.UTC);
        case ValueTags.INSTANT -> Instant.ofEpochSecond(input.getZigzag(), nanos(input));
        case ValueTags.MILLIS -> new Date(input.getZigzag());
        case ValueTags.DURATION -> Duration.ofSeconds(input.getZigzag(), nanos(input));
        case ValueTags.OFFSET_TIMESTAMP ->
            LocalDateTime.ofEpochSecond(input.getZigzag(), nanos(input), ZoneOffset.UTC)
                .atOffset(ZoneOffset.ofTotalSeconds((int) bounded(input, -64_800, 64_800)));
        default -> throw unknown(input, tag);
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw input.corrupt("a date or time is out of range", e);
    }
  }

  private static int nanos(ByteInput input) {
    long nanos = input.getVarint();
    if (nanos < 0 || nanos > 999_999_999) {
      throw input.corrupt("a second has the nanosecond " + nanos);
    }
    return (int) nanos;
  }

  private static CorruptionException unknown(ByteInput input, int tag) {
    return input.corrupt("no type of value has the tag " + tag);
  }

  private Object row(ByteInput input, RowPlans expected, int depth) {
    checkDepth(input, depth);
    RowPlan plan = expected.plan(input.getVarint(), this);
    RowClass rowClass = plan.rowClass();
    if (rowClass == null) {
      @Nullable Object[] values = new @Nullable Object[plan.fields().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = get(input, plan.fields()[i].plans(), depth + 1);
      }
      return Row.owning(plan.type().fieldNames(), values, plan.type().className());
    }
    @Nullable Object[] values = plan.template().clone();
    int[] targets = plan.targets();
    for (int i = 0; i < targets.length; i++) {
      int target = targets[i];
      if (target < 0) {
        ValueSkipper.skip(input, dictionary);
        continue;
      }
      FieldPlan field = plan.fields()[target];
      Object value = get(input, field.plans(), depth + 1);
      if (value != null) {
        values[target] = field.boxed().isInstance(value) ? value : fit(value, rowClass, target);
      }
    }
    return create(rowClass, values, plan.present());
  }

  private Object fit(Object value, RowClass rowClass, int field) {
    Object fitted = Coercions.fit(value, Coercions.boxed(rowClass.fieldType(field)));
    if (fitted == Coercions.MISFIT) {
      throw new TypeMismatchException(
          place
              + ": the stored value "
              + Conversions.describe(value)
              + " does not fit field "
              + rowClass.names().get(field)
              + " of "
              + rowClass.type().getName()
              + ", which is a "
              + rowClass.fieldType(field).getTypeName());
    }
    return fitted;
  }

  private Object create(RowClass rowClass, @Nullable Object[] values, boolean[] present) {
    try {
      return rowClass.create(values, present);
    } catch (RuntimeException e) {
      throw new SerializationException(
          place
              + ": the constructor of "
              + rowClass.type().getName()
              + " refused the stored fields "
              + rowClass.names()
              + ": "
              + e,
          e);
    }
  }

  private Object collection(ByteInput input, int tag, int depth) {
    checkDepth(input, depth);
    int kind = input.getByte();
    int count = input.getLength();
    try {
      Object made =
          tag == ValueTags.LIST
              ? list(input, kind, count, depth)
              : tag == ValueTags.SET
                  ? set(input, kind, count, depth)
                  : map(input, kind, count, depth);
      if (made == null) {
        throw input.corrupt("no kind of collection has the code " + kind);
      }
      return made;
    } catch (ClassCastException | NullPointerException e) {
      throw input.corrupt("the elements of a sorted collection cannot be compared", e);
    }
  }

  private @Nullable List<@Nullable Object> list(ByteInput input, int kind, int count, int depth) {
    @Nullable Object[] elements = new @Nullable Object[count];
    RowPlans any = plans(Object.class);
    for (int i = 0; i < count; i++) {
      elements[i] = get(input, any, depth + 1);
    }
    return CollectionKinds.list(kind, elements);
  }

  private @Nullable Set<@Nullable Object> set(ByteInput input, int kind, int count, int depth) {
    Set<@Nullable Object> set = CollectionKinds.newSet(kind);
    if (set == null) {
      return null;
    }
    RowPlans any = plans(Object.class);
    for (int i = 0; i < count; i++) {
      set.add(get(input, any, depth + 1));
    }
    return kind == CollectionKinds.UNMODIFIABLE ? Collections.unmodifiableSet(set) : set;
  }

  private @Nullable Map<@Nullable Object, @Nullable Object> map(
      ByteInput input, int kind, int count, int depth) {
    Map<@Nullable Object, @Nullable Object> map = CollectionKinds.newMap(kind);
    if (map == null) {
      return null;
    }
    RowPlans any = plans(Object.class);
    for (int i = 0; i < count; i++) {
      Object key = get(input, any, depth + 1);
      map.put(key, get(input, any, depth + 1));
    }
    return kind == CollectionKinds.UNMODIFIABLE ? Collections.unmodifiableMap(map) : map;
  }

  private Object constant(ByteInput input, Class<?> expected) {
    RowType type = dictionary.typeOf(input.getVarint());
    Object name = get(input, plans(Object.class), ValueTags.DEPTH_MAX);
    if (!(name instanceof String constantName) || type.className() == null) {
      throw input.corrupt("an enum constant has no class or no name");
    }
    Class<?> found = classes.find(type.className(), expected);
    if (found == null || !found.isEnum()) {
      return constantName;
    }
    Object constant = Coercions.constant(found, constantName);
    if (constant == null) {
      throw new SerializationException(
          place
              + ": "
              + found.getName()
              + " has no constant "
              + constantName
              + ", which is stored; expected one of "
              + java.util.Arrays.toString(found.getEnumConstants()));
    }
    return constant;
  }

  private static void checkDepth(ByteInput input, int depth) {
    if (depth >= ValueTags.DEPTH_MAX) {
      throw input.corrupt("values inside each other deeper than " + ValueTags.DEPTH_MAX);
    }
  }
}
