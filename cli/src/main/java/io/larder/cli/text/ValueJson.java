package io.larder.cli.text;

import io.larder.tables.DataType;
import io.larder.tables.Row;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON. Stateless.
 *
 * <p>A column of one scalar type needs no more than JSON has: the column says what a text means.
 * Inside lists, maps and columns of any type nothing says it, so there each value that JSON would
 * mistake for another carries its type as the one name of an object:
 *
 * <pre>
 * 5, 1.5, "a", true, null     an INTEGER, a DOUBLE, a VARCHAR, a BOOLEAN, nothing
 * {"$BIGINT": 5}              and so on for the other types; a number too large for an INTEGER is a BIGINT
 * {"$MAP": [[k, v], ...]}     a map whose keys are not all texts, or start with $
 * {"$ROW": {...}}             a row; {"$SET": [...]}, {"$DURATION": "PT5M"}, {"$INTEGERS": "..."} a big integer
 * </pre>
 */
public final class ValueJson {

  private ValueJson() {}

  /** Returns what stands for a value of a column; {@code null} for null. */
  public static @Nullable Object ofColumn(DataType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DECIMAL -> value;
      case VARBINARY -> HexFormat.of().formatHex((byte[]) value);
      case LIST, MAP, ANY -> exact(value);
      default -> value.toString();
    };
  }

  /**
   * Returns the value of a column that stands for itself, as {@link #ofColumn} made it; may still
   * need conversion.
   */
  public static @Nullable Object toColumn(DataType type, @Nullable Object json) {
    return switch (type) {
      case LIST, MAP, ANY -> value(json);
      default -> json;
    };
  }

  /**
   * Returns a tree of JSON types that {@link #value} turns into an equal value.
   *
   * @throws IllegalArgumentException if the value has no such form, as a serialized object
   */
  static @Nullable Object exact(@Nullable Object value) {
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Double wide && Double.isFinite(wide)
        || value instanceof Long number && number.intValue() != number) {
      return value;
    } else if (value instanceof Row row) {
      return tag("ROW", textMap(row.toMap()));
    } else if (value instanceof Map<?, ?> map) {
      return isPlain(map) ? textMap(map) : tag("MAP", pairs(map));
    } else if (value instanceof Set<?> set) {
      return tag("SET", list(set));
    } else if (value instanceof Collection<?> elements) {
      return list(elements);
    }
    return scalar(value);
  }

  private static Object scalar(Object value) {
    if (value instanceof BigInteger number) {
      return tag("INTEGERS", number.toString());
    } else if (value instanceof Duration duration) {
      return tag("DURATION", duration.toString());
    }
    DataType type = DataType.of(value.getClass());
    return switch (type) {
      case ANY, LIST, MAP ->
          throw new IllegalArgumentException(
              "a value of the class "
                  + value.getClass().getTypeName()
                  + " ("
                  + value
                  + ") has no form in text");
      case BIGINT, TINYINT, SMALLINT -> tag(type.name(), value);
      case VARBINARY -> tag(type.name(), HexFormat.of().formatHex((byte[]) value));
      default -> tag(type.name(), value.toString());
    };
  }

  private static Map<String, @Nullable Object> tag(String type, Object value) {
    Map<String, @Nullable Object> tagged = new LinkedHashMap<>();
    tagged.put("$" + type, value);
    return tagged;
  }

  private static boolean isPlain(Map<?, ?> map) {
    return map.keySet().stream()
        .allMatch(key -> key instanceof String text && !text.startsWith("$"));
  }

  private static Map<String, @Nullable Object> textMap(Map<?, ?> map) {
    Map<String, @Nullable Object> texts = new LinkedHashMap<>();
    map.forEach((key, value) -> texts.put((String) key, exact(value)));
    return texts;
  }

  private static List<Object> pairs(Map<?, ?> map) {
    List<Object> pairs = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      List<@Nullable Object> pair = new ArrayList<>();
      pair.add(exact(entry.getKey()));
      pair.add(exact(entry.getValue()));
      pairs.add(pair);
    }
    return pairs;
  }

  private static List<@Nullable Object> list(Collection<?> elements) {
    List<@Nullable Object> list = new ArrayList<>();
    for (Object element : elements) {
      list.add(exact(element));
    }
    return list;
  }

  /**
   * Returns the value a tree of JSON types stands for.
   *
   * @throws IllegalArgumentException if a type is unknown or its value does not fit
   */
  public static @Nullable Object value(@Nullable Object json) {
    if (json instanceof Long number && number.intValue() == number) {
      return number.intValue();
    } else if (json instanceof BigDecimal number) {
      return number.doubleValue();
    } else if (json instanceof List<?> elements) {
      return elements(elements);
    } else if (json instanceof Map<?, ?> map) {
      Map.Entry<?, ?> only = map.size() == 1 ? map.entrySet().iterator().next() : null;
      return only != null && only.getKey().toString().startsWith("$")
          ? tagged(only.getKey().toString().substring(1), only.getValue())
          : mapOf(map);
    }
    return json;
  }

  private static List<@Nullable Object> elements(List<?> elements) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Object element : elements) {
      values.add(value(element));
    }
    return Collections.unmodifiableList(values);
  }

  private static Map<String, @Nullable Object> mapOf(Map<?, ?> map) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    map.forEach((key, value) -> values.put(key.toString(), value(value)));
    return values;
  }

  private static @Nullable Object tagged(String type, @Nullable Object json) {
    return switch (type) {
      case "ROW" -> Row.of(mapOf(required(Map.class, type, json)));
      case "SET" -> new LinkedHashSet<>(elements(required(List.class, type, json)));
      case "MAP" -> unpaired(required(List.class, type, json));
      case "INTEGERS" -> new BigInteger(required(String.class, type, json));
      case "DURATION" -> Duration.parse(required(String.class, type, json));
      case "DATE" -> LocalDate.parse(required(String.class, type, json));
      case "TIME" -> LocalTime.parse(required(String.class, type, json));
      case "TIMESTAMP" -> LocalDateTime.parse(required(String.class, type, json));
      case "INSTANT" -> Instant.parse(required(String.class, type, json));
      case "UUID" -> UUID.fromString(required(String.class, type, json));
      default -> dataType(type).convert(json);
    };
  }

  private static DataType dataType(String name) {
    try {
      return DataType.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("there is no type '$" + name + "'", e);
    }
  }

  private static Map<@Nullable Object, @Nullable Object> unpaired(List<?> pairs) {
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    for (Object each : pairs) {
      List<?> pair = required(List.class, "MAP", each);
      if (pair.size() != 2) {
        throw new IllegalArgumentException(
            "$MAP: found " + pair.size() + " elements, expected a key and a value");
      }
      map.put(value(pair.get(0)), value(pair.get(1)));
    }
    return map;
  }

  private static <T> T required(Class<T> type, String tag, @Nullable Object json) {
    if (!type.isInstance(json)) {
      throw new IllegalArgumentException(
          "$" + tag + ": found " + json + ", expected a " + type.getSimpleName());
    }
    return type.cast(json);
  }
}
