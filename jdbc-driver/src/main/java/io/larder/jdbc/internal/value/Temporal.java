package io.larder.jdbc.internal.value;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/** Dates and times between java.time, which is stored, and java.sql, which old callers use. */
public final class Temporal {
  private Temporal() {}

  /** Returns the date of a value. */
  public static LocalDate toLocalDate(Object value) {
    if (value instanceof LocalDate date) {
      return date;
    }
    if (value instanceof LocalTime) {
      throw Conversions.wrongType(value, "a date", null);
    }
    return toLocalDateTime(value).toLocalDate();
  }

  /** Returns the time of day of a value. */
  public static LocalTime toLocalTime(Object value) {
    if (value instanceof LocalTime time) {
      return time;
    }
    if (value instanceof LocalDate) {
      throw Conversions.wrongType(value, "a time", null);
    }
    if (value instanceof String text && text.indexOf('-') < 0) {
      try {
        return LocalTime.parse(text.strip());
      } catch (DateTimeException e) {
        throw notADate(text, "a time", e);
      }
    }
    return toLocalDateTime(value).toLocalTime();
  }

  /** Returns the date and time of a value; an instant is seen from the JVM's time zone. */
  public static LocalDateTime toLocalDateTime(Object value) {
    if (value instanceof LocalDateTime timestamp) {
      return timestamp;
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    if (value instanceof LocalTime time) {
      return LocalDate.EPOCH.atTime(time);
    }
    Instant instant = Conversions.instantOf(value);
    if (instant != null) {
      return LocalDateTime.ofInstant(instant, ZoneId.systemDefault());
    }
    if (value instanceof String text) {
      return parseTimestamp(text.strip());
    }
    throw Conversions.wrongType(value, "a timestamp", null);
  }

  /** Returns the instant of a value; a local timestamp is taken in the JVM's time zone. */
  public static Instant toInstant(Object value) {
    Instant instant = Conversions.instantOf(value);
    if (instant != null) {
      return instant;
    }
    if (value instanceof String text) {
      try {
        return OffsetDateTime.parse(text.strip()).toInstant();
      } catch (DateTimeException e) {
        return parseTimestamp(text.strip()).atZone(ZoneId.systemDefault()).toInstant();
      }
    }
    return toLocalDateTime(value).atZone(ZoneId.systemDefault()).toInstant();
  }

  private static LocalDateTime parseTimestamp(String text) {
    try {
      if (text.length() == 10) {
        return LocalDate.parse(text).atStartOfDay();
      }
      return LocalDateTime.parse(text.replace(' ', 'T'));
    } catch (DateTimeException e) {
      throw notADate(text, "a timestamp like 2026-01-31 23:59:59", e);
    }
  }

  private static StatementException notADate(String text, String wanted, DateTimeException cause) {
    return new StatementException(
        SqlState.INVALID_DATETIME, "found '" + text + "', expected " + wanted, cause);
  }

  /** Returns the value as java.sql.Date at midnight of the calendar's time zone. */
  public static Date toSqlDate(Object value, @Nullable Calendar calendar) {
    LocalDate date = toLocalDate(value);
    return calendar == null
        ? Date.valueOf(date)
        : new Date(date.atStartOfDay(zoneOf(calendar)).toInstant().toEpochMilli());
  }

  /** Returns the value as java.sql.Time on the first of January 1970. */
  public static Time toSqlTime(Object value, @Nullable Calendar calendar) {
    ZoneId zone = calendar == null ? ZoneId.systemDefault() : zoneOf(calendar);
    LocalTime time = toLocalTime(value);
    return new Time(LocalDate.EPOCH.atTime(time).atZone(zone).toInstant().toEpochMilli());
  }

  /** Returns the value as java.sql.Timestamp. */
  public static Timestamp toSqlTimestamp(Object value, @Nullable Calendar calendar) {
    Instant instant = Conversions.instantOf(value);
    if (instant != null) {
      return Timestamp.from(instant);
    }
    LocalDateTime timestamp = toLocalDateTime(value);
    return calendar == null
        ? Timestamp.valueOf(timestamp)
        : Timestamp.from(timestamp.atZone(zoneOf(calendar)).toInstant());
  }

  /** Returns the value with an offset: an instant in UTC, a local timestamp in the JVM's zone. */
  public static OffsetDateTime toOffsetDateTime(Object value) {
    Instant instant = Conversions.instantOf(value);
    return instant != null
        ? instant.atOffset(ZoneOffset.UTC)
        : toLocalDateTime(value).atZone(ZoneId.systemDefault()).toOffsetDateTime();
  }

  /** Turns what a caller sets as a parameter into the types that are stored. */
  @SuppressWarnings("JavaUtilDate") // callers pass it
  public static @Nullable Object normalise(@Nullable Object value) {
    if (value instanceof Timestamp timestamp) {
      return timestamp.toLocalDateTime();
    }
    if (value instanceof Date date) {
      return date.toLocalDate();
    }
    if (value instanceof Time time) {
      Instant instant = Instant.ofEpochMilli(time.getTime());
      return LocalTime.ofInstant(instant, ZoneId.systemDefault());
    }
    if (value instanceof java.util.Date date) {
      return Instant.ofEpochMilli(date.getTime());
    }
    if (value instanceof Calendar calendar) {
      return calendar.toInstant();
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    if (value instanceof ZonedDateTime time) {
      return time.toInstant();
    }
    if (value instanceof Character letter) {
      return letter.toString();
    }
    return value;
  }

  /** Returns the local date of a java.sql.Date in the calendar's time zone. */
  public static LocalDate ofSqlDate(Date date, @Nullable Calendar calendar) {
    return calendar == null
        ? date.toLocalDate()
        : LocalDate.ofInstant(Instant.ofEpochMilli(date.getTime()), zoneOf(calendar));
  }

  /** Returns the time of day of a java.sql.Time in the calendar's time zone. */
  public static LocalTime ofSqlTime(Time time, @Nullable Calendar calendar) {
    ZoneId zone = calendar == null ? ZoneId.systemDefault() : zoneOf(calendar);
    return LocalTime.ofInstant(Instant.ofEpochMilli(time.getTime()), zone);
  }

  /** Returns the local timestamp of a java.sql.Timestamp in the calendar's time zone. */
  public static LocalDateTime ofSqlTimestamp(Timestamp time, @Nullable Calendar calendar) {
    return calendar == null
        ? time.toLocalDateTime()
        : LocalDateTime.ofInstant(time.toInstant(), zoneOf(calendar));
  }

  private static ZoneId zoneOf(Calendar calendar) {
    return calendar.getTimeZone().toZoneId();
  }
}
