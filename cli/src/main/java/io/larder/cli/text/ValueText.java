package io.larder.cli.text;

import io.larder.tables.Row;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as people read them, in one line. Stateless. */
public final class ValueText {
  private static final int PLAIN_SCALE_MAX = 1_000;

  private ValueText() {}

  /** Returns the text of a value; null is {@code NULL}. */
  public static String show(@Nullable Object value) {
    return value == null ? "NULL" : of(value);
  }

  /**
   * Returns the text of a value, from which its type can read it again; lists, maps and rows are
   * JSON.
   */
  public static String of(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (value instanceof BigDecimal number
        && Math.abs((long) number.scale()) <= PLAIN_SCALE_MAX) {
      return number.toPlainString();
    } else if (value instanceof Collection<?>
        || value instanceof Map<?, ?>
        || value instanceof Row) {
      return Json.write(ValueJson.exact(value));
    }
    return value.toString();
  }

  /** Returns a text in which nothing can move the cursor of a terminal or begin a new line. */
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                  if (Character.isISOControl(character)) {
                    line.append("\\u").append(HexFormat.of().toHexDigits((char) character));
                  } else {
                    line.appendCodePoint(character);
                  }
                }
              }
            });
    return line.toString();
  }
}
