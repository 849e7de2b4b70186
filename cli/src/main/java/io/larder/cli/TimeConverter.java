package io.larder.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads points in time as people write them; without an offset they are in the time zone of the
 * machine.
 */
final class TimeConverter implements ITypeConverter<Instant> {

  @Override
  public Instant convert(String text) {
    try {
      return parse(text.strip(), LocalDate.now(ZoneId.systemDefault()), ZoneId.systemDefault());
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "found '"
              + text
              + "', expected a time such as 2026-03-01T14:05:00Z, '2026-03-01 14:05' (in the time"
              + " zone of this machine) or 'yesterday 14:05'");
    }
  }

  static Instant parse(String text, LocalDate today, ZoneId zone) {
    String iso = text.toLowerCase(Locale.ROOT);
    iso = iso.replaceFirst("^yesterday[ t]", today.minusDays(1) + "T");
    iso =
        iso.replaceFirst("^today[ t]", today + "T").replaceFirst(" ", "T").toUpperCase(Locale.ROOT);
    if (iso.length() == "2026-03-01".length()) {
      return LocalDate.parse(iso).atTime(LocalTime.MIDNIGHT).atZone(zone).toInstant();
    } else if (iso.matches(".*T.*(Z|[+-]\\d\\d:?\\d\\d)$")) {
      return OffsetDateTime.parse(iso).toInstant();
    }
    return LocalDateTime.parse(iso).atZone(zone).toInstant();
  }
}
