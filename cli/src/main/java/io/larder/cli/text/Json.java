package io.larder.cli.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers, booleans and null as JSON on one line. Stateless. */
public final class Json {

  private Json() {}

  /** Returns the JSON text of a value; what is no JSON type is written as the text it has. */
  public static String write(@Nullable Object value) {
    StringBuilder target = new StringBuilder();
    append(value, target);
    return target.toString();
  }

  /** Appends the JSON text of a value. */
  public static void append(@Nullable Object value, StringBuilder target) {
    if (value instanceof Map<?, ?> map) {
      char separator = '{';
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        target.append(separator);
        quote(String.valueOf(entry.getKey()), target);
        target.append(':');
        append(entry.getValue(), target);
        separator = ',';
      }
      target.append(separator == '{' ? "{}" : "}");
    } else if (value instanceof Collection<?> elements) {
      char separator = '[';
      for (Object element : elements) {
        append(element, target.append(separator));
        separator = ',';
      }
      target.append(separator == '[' ? "[]" : "]");
    } else if (value == null || value instanceof Boolean || isJsonNumber(value)) {
      target.append(value);
    } else {
      quote(value.toString(), target);
    }
  }

  private static boolean isJsonNumber(Object value) {
    return value instanceof Number
        && !(value instanceof Double wide && !Double.isFinite(wide))
        && !(value instanceof Float narrow && !Float.isFinite(narrow));
  }

  private static void quote(String text, StringBuilder target) {
    target.append('"');
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '"' -> target.append("\\\"");
        case '\\' -> target.append("\\\\");
        case '\n' -> target.append("\\n");
        case '\r' -> target.append("\\r");
        case '\t' -> target.append("\\t");
        default -> {
          if (unit < 0x20 || unit == 0x7F || isLoneSurrogate(text, i)) {
            target.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
          } else {
            target.append(unit);
          }
        }
      }
    }
    target.append('"');
  }

  /** UTF-8 has no form for half a pair, so it is written as an escape. */
  private static boolean isLoneSurrogate(String text, int position) {
    char unit = text.charAt(position);
    if (Character.isHighSurrogate(unit)) {
      return position + 1 == text.length() || !Character.isLowSurrogate(text.charAt(position + 1));
    }
    return Character.isLowSurrogate(unit)
        && (position == 0 || !Character.isHighSurrogate(text.charAt(position - 1)));
  }
}
