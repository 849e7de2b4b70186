package io.larder.jcache.internal.settings;

import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.Option;
import io.larder.engine.api.Sizes;
import io.larder.tables.StoreOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The option table of the JCache door: settings of single caches, {@code cache.NAME.SETTING}, next to the
 * engine's options. Stateless.
 *
 * <p>The URI and the properties of a manager are read alike; an option both give must have the same value in
 * both. Properties of other people's namespaces ({@code javax.}, {@code java.}, {@code jakarta.}, {@code
 * hibernate.}, {@code spring.}) are not ours to judge; every other unknown name is an error.
 */
public final class ProviderOptions {
  private static final String PREFIX = "cache.";
  private static final List<String> FOREIGN =
      List.of("javax.", "java.", "jakarta.", "hibernate.", "spring.");

  private static final Option<ExpirySetting> EXPIRY =
      new Option<>(
          "expiry",
          "eternal",
          List.of(),
          "When entries expire: 'eternal', or a duration after the last write (30m), or created,"
              + " accessed, modified or touched with a duration (accessed:30m).",
          false,
          ExpirySetting::parse);

  /** How much heap the decoded values of all caches of a manager may take together. */
  private static final Option<Long> HEAP_SIZE =
      new Option<>(
          "heap.size",
          "auto",
          List.of(),
          "How much heap the decoded values of a manager's caches may take together, so that a warm"
              + " read needs no decoding; 'auto' is an eighth of the heap, 0 keeps none.",
          false,
          text -> {
            if (text.trim().equalsIgnoreCase("auto")) {
              return Runtime.getRuntime().maxMemory() / 8;
            }
            return Sizes.parse(text);
          });

  private static final Option<Boolean> STATISTICS =
      onOff("statistics", "Whether statistics are kept and their bean is registered.");
  private static final Option<Boolean> MANAGEMENT =
      onOff("management", "Whether the bean that shows the configuration is registered.");
  private static final Option<String> KEY_TYPE =
      type("key.type", "The class of keys, java.lang may be left out.");
  private static final Option<String> VALUE_TYPE =
      type("value.type", "The class of values, java.lang may be left out.");

  private ProviderOptions() {}

  /** Returns the settings of a manager that are not the engine's. */
  public static List<Option<?>> ofManager() {
    return List.of(HEAP_SIZE);
  }

  /** Returns the settings of one cache; in a URI each has {@code cache.NAME.} before its name. */
  public static List<Option<?>> ofCache() {
    List<Option<?>> options = new ArrayList<>(List.of(EXPIRY));
    for (ExpirySetting.Kind kind : ExpirySetting.Kind.values()) {
      if (kind != ExpirySetting.Kind.ETERNAL) {
        options.add(
            new Option<>(
                EXPIRY.name() + "." + kind.word(),
                "",
                List.of(),
                "The duration after which entries expire, counted as '" + kind.word() + "' says.",
                false,
                text -> ExpirySetting.of(kind, text)));
      }
    }
    options.addAll(List.of(STATISTICS, MANAGEMENT, KEY_TYPE, VALUE_TYPE));
    return options;
  }

  /**
   * Reads and validates what a URI and properties say together.
   *
   * @throws InvalidOptionException listing every violation
   */
  public static ManagerSettings parse(LarderUri uri, Properties properties) {
    Map<String, String> parameters = merge(uri, properties);
    List<Option<?>> known = new ArrayList<>(EngineOptions.all());
    known.addAll(StoreOptions.all());
    known.addAll(ofManager());
    for (String cacheName : cacheNames(parameters.keySet())) {
      for (Option<?> option : ofCache()) {
        known.add(renamed(option, PREFIX + cacheName + "." + option.name()));
      }
    }
    EngineOptions.validate(new LarderUri(uri.location(), parameters), known);
    LarderUri engineUri = new LarderUri(uri.location(), engineParameters(parameters));
    Map<String, CacheSettings> caches = new TreeMap<>();
    for (String cacheName : cacheNames(parameters.keySet())) {
      caches.put(cacheName, cacheSettings(cacheName, parameters));
    }
    String heapSize = parameters.getOrDefault(HEAP_SIZE.name(), HEAP_SIZE.defaultText());
    return new ManagerSettings(engineUri, HEAP_SIZE.parse(heapSize), caches);
  }

  private static Map<String, String> merge(LarderUri uri, Properties properties) {
    Map<String, String> merged = new LinkedHashMap<>(uri.parameters());
    List<String> contradictions = new ArrayList<>();
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      String value = properties.getProperty(name);
      if (FOREIGN.stream().noneMatch(name::startsWith)) {
        String given = merged.putIfAbsent(name, value);
        if (given != null && !given.equals(value)) {
          contradictions.add(
              name + ": the URI says '" + given + "', the properties say '" + value + "'");
        }
      }
    }
    if (!contradictions.isEmpty()) {
      throw new InvalidOptionException(
          "Contradicting options: " + String.join("; ", contradictions));
    }
    return merged;
  }

  private static Map<String, String> engineParameters(Map<String, String> parameters) {
    Map<String, String> engine = new LinkedHashMap<>(parameters);
    engine.keySet().removeIf(name -> name.startsWith(PREFIX) || name.equals(HEAP_SIZE.name()));
    return engine;
  }

  /** The names in {@code cache.NAME.SETTING}; of an unknown setting, what is before its last dot. */
  private static Set<String> cacheNames(Set<String> parameterNames) {
    Set<String> names = new LinkedHashSet<>();
    for (String parameter : parameterNames) {
      if (parameter.startsWith(PREFIX)) {
        String suffix = "";
        for (Option<?> option : ofCache()) {
          if (parameter.endsWith("." + option.name()) && option.name().length() > suffix.length()) {
            suffix = option.name();
          }
        }
        int end =
            suffix.isEmpty()
                ? parameter.lastIndexOf('.')
                : parameter.length() - suffix.length() - 1;
        if (end > PREFIX.length()) {
          names.add(parameter.substring(PREFIX.length(), end));
        }
      }
    }
    return names;
  }

  private static CacheSettings cacheSettings(String cacheName, Map<String, String> parameters) {
    return new CacheSettings(
        expiry(cacheName, parameters),
        value(STATISTICS, cacheName, parameters),
        value(MANAGEMENT, cacheName, parameters),
        value(KEY_TYPE, cacheName, parameters),
        value(VALUE_TYPE, cacheName, parameters));
  }

  private static @Nullable ExpirySetting expiry(String cacheName, Map<String, String> parameters) {
    Map<String, ExpirySetting> given = new LinkedHashMap<>();
    for (Option<?> option : ofCache()) {
      if (option.name().startsWith(EXPIRY.name())
          && value(option, cacheName, parameters) instanceof ExpirySetting setting) {
        given.put(PREFIX + cacheName + "." + option.name(), setting);
      }
    }
    if (given.size() > 1) {
      throw new InvalidOptionException(
          "Contradicting options: expected one of "
              + String.join(", ", given.keySet())
              + " for the cache '"
              + cacheName
              + "', found "
              + given.size());
    }
    return given.isEmpty() ? null : given.values().iterator().next();
  }

  private static <T> @Nullable T value(
      Option<T> option, String cacheName, Map<String, String> parameters) {
    String text = parameters.get(PREFIX + cacheName + "." + option.name());
    return text == null ? null : option.parse(text);
  }

  private static <T> Option<T> renamed(Option<T> option, String name) {
    return new Option<>(
        name,
        option.defaultText(),
        option.choices(),
        option.description(),
        option.secret(),
        option.parser());
  }

  private static Option<Boolean> onOff(String name, String description) {
    List<String> choices = List.of("true", "false", "on", "off");
    return new Option<>(
        name,
        "false",
        choices,
        description,
        false,
        text -> {
          String lower = text.trim().toLowerCase(Locale.ROOT);
          if (!choices.contains(lower)) {
            throw new IllegalArgumentException(
                "found '" + text + "', expected " + String.join(", ", choices));
          }
          return lower.equals("true") || lower.equals("on");
        });
  }

  private static Option<String> type(String name, String description) {
    return new Option<>(name, "Object", List.of(), description, false, Function.identity());
  }
}
