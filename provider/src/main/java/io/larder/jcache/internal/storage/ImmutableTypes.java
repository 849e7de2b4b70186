package io.larder.jcache.internal.storage;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;

/**
 * Which objects may be handed to everybody without a copy. Stateless and thread-safe.
 *
 * <p>Values: the immutable classes of the JDK, enums, and records whose components are all declared with such types;
 * a class is judged once. Keys: only final classes of the JDK whose {@code equals} tells apart at least what
 * their encodings tell apart.
 */
final class ImmutableTypes {
  private static final Set<Class<?>> KEYS =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Short.class,
          Byte.class,
          Character.class,
          Boolean.class,
          UUID.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          Instant.class);

  private static final Set<Class<?>> VALUES =
      Set.of(
          Float.class,
          Double.class,
          BigInteger.class,
          BigDecimal.class,
          Duration.class,
          OffsetDateTime.class);

  private static final ClassValue<Boolean> SHAREABLE =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return isImmutable(type);
        }
      };

  private ImmutableTypes() {}

  /** Returns whether a key may be kept as it is and stands for its encoding. */
  static boolean isKey(Object key) {
    Class<?> type = key.getClass();
    return type == String.class || type == Long.class || KEYS.contains(type);
  }

  /** Returns whether all keys of a type may be kept as they are and stand for their encodings. */
  static boolean isKeyType(Class<?> type) {
    return KEYS.contains(type);
  }

  /** Returns whether all values of a type are scalars of the JDK, may be shared, and come back from bytes as they were. */
  static boolean isScalarType(Class<?> type) {
    return KEYS.contains(type) || VALUES.contains(type);
  }

  /** Returns whether a value may be shared. */
  static boolean isValue(Object value) {
    Class<?> type = value.getClass();
    return type == String.class || SHAREABLE.get(type);
  }

  private static boolean isImmutable(Class<?> type) {
    if (type.isPrimitive() || type.isEnum() || KEYS.contains(type) || VALUES.contains(type)) {
      return true;
    }
    if (!type.isRecord()) {
      return false;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> declared = component.getType();
      // a record that contains its own type is judged not immutable rather than judged for ever
      if (declared == type || !isImmutableComponent(declared)) {
        return false;
      }
    }
    return true;
  }

  /** Records inside records are not looked into: their classes may refer to each other. */
  private static boolean isImmutableComponent(Class<?> type) {
    return type.isPrimitive()
        || Enum.class.isAssignableFrom(type)
        || KEYS.contains(type)
        || VALUES.contains(type);
  }
}
