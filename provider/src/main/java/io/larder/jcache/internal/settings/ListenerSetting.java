package io.larder.jcache.internal.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryListener;
import org.jspecify.annotations.Nullable;

/**
 * A listener in a form that can be written down: {@code com.acme.Audit:sync:old:com.acme.LargeOrders}. Immutable.
 *
 * @param listenerClass the class of the listener, or of its factory
 * @param filterClass the class of the filter, or of its factory; null = every event
 * @param isOldValueRequired whether it is told the value before
 * @param isSynchronous whether the writing thread calls it
 */
public record ListenerSetting(
    String listenerClass,
    @Nullable String filterClass,
    boolean isOldValueRequired,
    boolean isSynchronous) {
  private static final String SYNCHRONOUS = "sync";
  private static final String OLD_VALUE = "old";

  /**
   * Reads listeners separated by commas.
   *
   * @throws IllegalArgumentException saying what was found and what was expected
   */
  static List<ListenerSetting> parseAll(String text) {
    List<ListenerSetting> listeners = new ArrayList<>();
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        listeners.add(parse(part.strip()));
      }
    }
    return List.copyOf(listeners);
  }

  private static ListenerSetting parse(String text) {
    String[] parts = text.split(":", -1);
    String filter = null;
    boolean old = false;
    boolean synchronous = false;
    for (int index = 1; index < parts.length; index++) {
      String part = parts[index].strip();
      switch (part.toLowerCase(Locale.ROOT)) {
        case SYNCHRONOUS -> synchronous = true;
        case OLD_VALUE -> old = true;
        default -> {
          if (filter != null) {
            throw invalid(text);
          }
          filter = CacheOptions.className(part);
        }
      }
    }
    if (parts[0].isBlank()) {
      throw invalid(text);
    }
    return new ListenerSetting(CacheOptions.className(parts[0]), filter, old, synchronous);
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "found '"
            + text
            + "', expected the class of a listener, and behind colons, if wanted: sync, old, the"
            + " class of a filter");
  }

  /** Returns the listener of a configuration given by code, if its classes have names. */
  static Optional<ListenerSetting> of(CacheEntryListenerConfiguration<?, ?> configuration) {
    Optional<String> listener =
        NamedFactory.className(configuration.getCacheEntryListenerFactory());
    Factory<?> filterFactory = configuration.getCacheEntryEventFilterFactory();
    Optional<String> filter =
        filterFactory == null ? Optional.empty() : NamedFactory.className(filterFactory);
    if (listener.isEmpty() || (filterFactory != null && filter.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new ListenerSetting(
            listener.get(),
            filter.orElse(null),
            configuration.isOldValueRequired(),
            configuration.isSynchronous()));
  }

  /** Returns the configuration to register. */
  <K, V> CacheEntryListenerConfiguration<K, V> configuration(String place, ClassLoader loader) {
    Factory<CacheEntryEventFilter<? super K, ? super V>> filter =
        filterClass == null
            ? null
            : new NamedFactory<>(place, filterClass, CacheEntryEventFilter.class, loader);
    return new MutableCacheEntryListenerConfiguration<>(
        new NamedFactory<>(place, listenerClass, CacheEntryListener.class, loader),
        filter,
        isOldValueRequired,
        isSynchronous);
  }

  /** Adds what is wrong with the classes. */
  void checkClasses(ClassLoader loader, List<String> violations) {
    String violation = NamedFactory.violation(listenerClass, CacheEntryListener.class, loader);
    if (violation != null) {
      violations.add(violation);
    }
    if (filterClass != null) {
      violation = NamedFactory.violation(filterClass, CacheEntryEventFilter.class, loader);
      if (violation != null) {
        violations.add(violation);
      }
    }
  }

  /** Returns the text that {@link #parseAll} reads back. */
  String text() {
    return listenerClass
        + (isSynchronous ? ":" + SYNCHRONOUS : "")
        + (isOldValueRequired ? ":" + OLD_VALUE : "")
        + (filterClass == null ? "" : ":" + filterClass);
  }
}
