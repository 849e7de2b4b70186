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
 * An expiry policy in a form that can be written down: one of those the standard brings along, or a class of the
 * application. Immutable.
 *
 * <p>The text is {@code eternal}, or a kind and a duration: {@code created 30m}, or {@code policy com.acme.Fridays}. A
 * duration alone means {@code modified}: an entry expires so long after it was last written.
 *
 * @param kind when the duration starts anew
 * @param duration the duration; null = for ever, or as the policy says
 * @param policyClass the class of a policy, or of its factory; null = one of the standard's
 */
public record ExpirySetting(
    Kind kind, java.time.@Nullable Duration duration, @Nullable String policyClass) {

  /** An entry lives until it is removed. */
  public static final ExpirySetting ETERNAL = new ExpirySetting(Kind.ETERNAL, null, null);

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
    TOUCHED,
    /** When a policy of the application says so. */
    POLICY;

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
    String trimmed = text.trim();
    for (Kind kind : Kind.values()) {
      if (trimmed.equalsIgnoreCase(Kind.ETERNAL.word())) {
        return ETERNAL;
      }
      String word = kind.word();
      if (trimmed.regionMatches(true, 0, word, 0, word.length())
          && trimmed.length() > word.length()
          && " :".indexOf(trimmed.charAt(word.length())) >= 0) {
        return of(kind, trimmed.substring(word.length() + 1));
      }
    }
    return of(Kind.MODIFIED, trimmed);
  }

  /** Makes the setting of a kind and the text of a duration, {@code eternal} included, or of a class. */
  public static ExpirySetting of(Kind kind, String durationText) {
    String trimmed = durationText.trim();
    if (kind == Kind.POLICY) {
      return new ExpirySetting(kind, null, CacheOptions.className(trimmed));
    }
    return trimmed.equalsIgnoreCase(Kind.ETERNAL.word())
        ? ETERNAL
        : new ExpirySetting(kind, Durations.parse(trimmed), null);
  }

  /** Returns the setting that a factory of policies stands for, if it can be written down. */
  public static Optional<ExpirySetting> of(Factory<? extends ExpiryPolicy> factory) {
    Optional<String> className = NamedFactory.className(factory);
    if (className.isPresent()) {
      return Optional.of(new ExpirySetting(Kind.POLICY, null, className.get()));
    }
    return of(factory.create());
  }

  private static Optional<ExpirySetting> of(ExpiryPolicy policy) {
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
            kind, java.time.Duration.ofMillis(unit.toMillis(duration.getDurationAmount())), null);
  }

  /**
   * Returns a factory of the policy.
   *
   * @param place whose policy it is, for messages
   */
  public Factory<? extends ExpiryPolicy> factory(String place, ClassLoader loader) {
    if (policyClass != null) {
      return new NamedFactory<ExpiryPolicy>(place, policyClass, ExpiryPolicy.class, loader);
    }
    if (duration == null) {
      return EternalExpiryPolicy.factoryOf();
    }
    Duration standard = new Duration(TimeUnit.MILLISECONDS, duration.toMillis());
    return switch (kind) {
      case ETERNAL, POLICY -> EternalExpiryPolicy.factoryOf();
      case CREATED -> CreatedExpiryPolicy.factoryOf(standard);
      case ACCESSED -> AccessedExpiryPolicy.factoryOf(standard);
      case MODIFIED -> ModifiedExpiryPolicy.factoryOf(standard);
      case TOUCHED -> TouchedExpiryPolicy.factoryOf(standard);
    };
  }

  /** Returns the text that {@link #parse} reads back. */
  public String text() {
    if (policyClass != null) {
      return kind.word() + " " + policyClass;
    }
    return duration == null ? Kind.ETERNAL.word() : kind.word() + " " + Durations.format(duration);
  }
}
