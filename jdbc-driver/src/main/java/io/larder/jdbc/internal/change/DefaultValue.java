package io.larder.jdbc.internal.change;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.token.Literals;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.DataType;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The value of a column no statement gives a value: a constant, the time, or a new UUID. */
public final class DefaultValue {
  private enum Source {
    CONSTANT,
    NOW,
    RANDOM_UUID
  }

  private final Source source;
  private final DataType type;
  private final @Nullable Object constant;

  private DefaultValue(Source source, DataType type, @Nullable Object constant) {
    this.source = source;
    this.type = type;
    this.constant = constant;
  }

  /**
   * Reads the text after DEFAULT.
   *
   * @throws StatementException if it is none of the forms known
   */
  public static DefaultValue parse(String sql, DataType type) {
    Tokenizer tokens = new Tokenizer(sql);
    switch (tokens.text().toUpperCase(Locale.ROOT)) {
      case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME" -> {
        tokens.advance();
        return finished(tokens, sql, new DefaultValue(Source.NOW, type, null));
      }
      case "RANDOM_UUID" -> {
        tokens.advance();
        if (tokens.acceptSymbol("(") && tokens.acceptSymbol(")")) {
          return finished(tokens, sql, new DefaultValue(Source.RANDOM_UUID, type, null));
        }
        throw unknown(sql, null);
      }
      default -> {
        try {
          Object value = type.convert(Literals.parse(tokens));
          return finished(tokens, sql, new DefaultValue(Source.CONSTANT, type, value));
        } catch (IllegalArgumentException e) {
          throw unknown(sql, e);
        }
      }
    }
  }

  private static DefaultValue finished(Tokenizer tokens, String sql, DefaultValue value) {
    if (!tokens.acceptEnd()) {
      throw unknown(sql, null);
    }
    return value;
  }

  private static StatementException unknown(String sql, @Nullable Throwable cause) {
    return new StatementException(
        SqlState.NOT_SUPPORTED,
        "DEFAULT "
            + sql
            + " is not supported; expected a literal, CURRENT_TIMESTAMP, CURRENT_DATE, CURRENT_TIME or"
            + " RANDOM_UUID()",
        cause);
  }

  @Nullable Object at(long nowMillis) {
    return switch (source) {
      case CONSTANT -> constant;
      case RANDOM_UUID -> type.convert(java.util.UUID.randomUUID());
      case NOW -> now(nowMillis);
    };
  }

  private @Nullable Object now(long nowMillis) {
    Instant instant = Instant.ofEpochMilli(nowMillis);
    LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneId.systemDefault());
    return switch (type) {
      case DATE -> local.toLocalDate();
      case TIME -> local.toLocalTime();
      case TIMESTAMP -> local;
      case INSTANT -> instant;
      default -> type.convert(local.toString());
    };
  }
}
