package io.larder.tables;

import java.lang.invoke.MethodType;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fits stored values to declared Java types: fields that changed their type, or values that SQL wrote. */
final class Coercions {
  /** Instead of a result: the value does not fit. */
  static final Object MISFIT = new Object();

  private Coercions() {}

  /** Returns the class of boxed values of a type. */
  static Class<?> boxed(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }

  /** Returns what a field of a type is when nothing is stored for it: null, or the zero of a primitive. */
  static @Nullable Object zero(Class<?> type) {
    return type.isPrimitive()
        ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
        : null;
  }

  /** Returns the value as an instance of a boxed type without loss, or {@link #MISFIT}. */
  static Object fit(Object value, Class<?> boxed) {
    if (boxed.isInstance(value)) {
      return value;
    }
    Object fitted = fitOther(value, boxed);
    return fitted == null ? MISFIT : fitted;
  }

  private static @Nullable Object fitOther(Object value, Class<?> boxed) {
    if (boxed.isEnum() && value instanceof String name) {
      return constant(boxed, name);
    } else if (boxed == Character.class) {
      return value instanceof String text && text.length() == 1 ? text.charAt(0) : null;
    } else if (boxed == Date.class && value instanceof Instant instant) {
      return wholeMillis(instant);
    } else if (value instanceof Row row && boxed.isAssignableFrom(Map.class)) {
      return row.toMap();
    } else if (value instanceof Collection<?> elements) {
      return CollectionKinds.as(boxed, elements);
    } else if (value instanceof Map<?, ?> entries) {
      return CollectionKinds.as(boxed, entries);
    }
    return convert(value, boxed);
  }

  private static @Nullable Date wholeMillis(Instant instant) {
    try {
      long millis = instant.toEpochMilli();
      return instant.equals(Instant.ofEpochMilli(millis)) ? new Date(millis) : null;
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Object convert(Object value, Class<?> boxed) {
    DataType type = DataType.of(boxed);
    if (type.javaType() != boxed || value instanceof String || boxed == String.class) {
      // Text is not taken for a number here, nor a number for text: that would hide mistakes.
      return null;
    }
    try {
      return type.convert(value);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns the constant of a name, or null. */
  static @Nullable Object constant(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equals(name))
        .findFirst()
        .orElse(null);
  }
}
