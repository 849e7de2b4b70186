package io.larder.jcache.internal.settings;

import io.larder.engine.api.Durations;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.cache.configuration.Factory;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * One of the expiry policies the standard brings along, in a form that can be written down. Immutable.
 *
 * <p>The text is {@code eternal}, or a kind and a duration: {@code created 30m}. A duration alone means {@code
 * modified}: an entry expires so long after it was last written.
 *
 * @param kind when the duration starts anew
 * @param duration the duration; null = for ever
 */
public record ExpirySetting(Kind kind, java.time.@Nullable Duration duration) {

  /** An entry lives until it is removed. */
  public static final ExpirySetting ETERNAL = new ExpirySetting(Kind.ETERNAL, null);

  /** When the duration starts anew. */
  public enum Kind {
    /** Never expires. */
    ETERNAL,
    /** When the entry is created. */
    CREATED,
    /** When it is created or read. */
    ACCESSED,
    /** When it is created or updated. */
    MODIFIED,
    /** When it is created, read or updated. */
    TOUCHED;

    /** Returns the word for it in settings. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads the text of a setting.
   *
   * @throws IllegalArgumentException saying what was found and what was expected
   */
  public static ExpirySetting parse(String text) {
    String trimmed = text.trim().toLowerCase(Locale.ROOT);
    for (Kind kind : Kind.values()) {
      if (trimmed.equals(Kind.ETERNAL.word())) {
        return ETERNAL;
      }
      String word = kind.word();
      if (trimmed.startsWith(word)
          && trimmed.length() > word.length()
          && " :".indexOf(trimmed.charAt(word.length())) >= 0) {
        return of(kind, trimmed.substring(word.length() + 1));
      }
    }
    return of(Kind.MODIFIED, trimmed);
  }

  /** Makes the setting of a kind and the text of a duration, {@code eternal} included. */
  public static ExpirySetting of(Kind kind, String durationText) {
    String trimmed = durationText.trim();
    return trimmed.equalsIgnoreCase(Kind.ETERNAL.word())
        ? ETERNAL
        : new ExpirySetting(kind, Durations.parse(trimmed));
  }

  /** Returns the setting a policy stands for, if it is one of the standard's own. */
  public static Optional<ExpirySetting> of(ExpiryPolicy policy) {
    Class<?> type = policy.getClass();
    if (type == EternalExpiryPolicy.class) {
      return Optional.of(ETERNAL);
    } else if (type == CreatedExpiryPolicy.class) {
      return Optional.of(of(Kind.CREATED, policy.getExpiryForCreation()));
    } else if (type == AccessedExpiryPolicy.class) {
      return Optional.of(of(Kind.ACCESSED, policy.getExpiryForCreation()));
    } else if (type == ModifiedExpiryPolicy.class) {
      return Optional.of(of(Kind.MODIFIED, policy.getExpiryForCreation()));
    } else if (type == TouchedExpiryPolicy.class) {
      return Optional.of(of(Kind.TOUCHED, policy.getExpiryForCreation()));
    }
    return Optional.empty();
  }

  private static ExpirySetting of(Kind kind, Duration duration) {
    TimeUnit unit = duration.getTimeUnit();
    return unit == null
        ? ETERNAL
        : new ExpirySetting(
            kind, java.time.Duration.ofMillis(unit.toMillis(duration.getDurationAmount())));
  }

  /** Returns a factory of the policy. */
  public Factory<? extends ExpiryPolicy> factory() {
    if (duration == null) {
      return EternalExpiryPolicy.factoryOf();
    }
    Duration standard = new Duration(TimeUnit.MILLISECONDS, duration.toMillis());
    return switch (kind) {
      case ETERNAL -> EternalExpiryPolicy.factoryOf();
      case CREATED -> CreatedExpiryPolicy.factoryOf(standard);
      case ACCESSED -> AccessedExpiryPolicy.factoryOf(standard);
      case MODIFIED -> ModifiedExpiryPolicy.factoryOf(standard);
      case TOUCHED -> TouchedExpiryPolicy.factoryOf(standard);
    };
  }

  /** Returns the text that {@link #parse} reads back. */
  public String text() {
    return duration == null ? Kind.ETERNAL.word() : kind.word() + " " + Durations.format(duration);
  }
}
