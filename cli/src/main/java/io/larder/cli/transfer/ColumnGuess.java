package io.larder.cli.transfer;

import io.larder.tables.DataType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Narrows down the type of a column while its texts go by. A type stays possible as long as every
 * text can be read as one and written back without loss: {@code 007} and {@code +1} stay text. Not
 * thread-safe.
 */
final class ColumnGuess {

  /** From the narrowest to the widest; the first still possible one wins. */
  private static final List<DataType> CANDIDATES =
      List.of(
          DataType.BOOLEAN, DataType.BIGINT, DataType.DECIMAL, DataType.DATE, DataType.TIMESTAMP);

  private final Set<DataType> possible = EnumSet.copyOf(CANDIDATES);
  private boolean anyText;

  /** Takes one text of the column; an empty one stands for NULL. */
  void see(String text) {
    if (text.isEmpty()) {
      return;
    }
    anyText = true;
    possible.removeIf(type -> !fits(type, text));
  }

  /** Returns the narrowest type that fits every text seen. */
  DataType type() {
    if (anyText) {
      for (DataType type : CANDIDATES) {
        if (possible.contains(type)) {
          return type;
        }
      }
    }
    return DataType.VARCHAR;
  }

  private static boolean fits(DataType type, String text) {
    try {
      parse(type, text);
      return true;
    } catch (IllegalArgumentException | DateTimeException e) {
      return false; // the question was whether it can be read
    }
  }

  private static Object parse(DataType type, String text) {
    return switch (type) {
      case BOOLEAN -> parseBoolean(text);
      case BIGINT -> parseLong(text);
      case DECIMAL -> parseDecimal(text);
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> LocalDateTime.parse(text.replace(' ', 'T'));
      default -> text;
    };
  }

  private static Boolean parseBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Long parseLong(String text) {
    Long value = Long.valueOf(text);
    if (!value.toString().equals(text)) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static BigDecimal parseDecimal(String text) {
    BigDecimal value = new BigDecimal(text);
    if (!value.toPlainString().equals(text)) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }
}
