package io.larder.jcache.internal.settings;

import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.Option;
import io.larder.engine.api.Sizes;
import io.larder.tables.StoreOptions;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The option table of the JCache door: settings of single caches, {@code cache.NAME.SETTING}, next to the
 * engine's options. Stateless.
 *
 * <p>The URI, the properties of a manager and the file that either names as {@code config} are read alike; an option
 * that two of them give must have the same value in both. Properties of other people's namespaces ({@code
 * javax.}, {@code java.}, {@code jakarta.}, {@code hibernate.}, {@code spring.}) are not ours to judge; every
 * other unknown name is an error.
 */
public final class ProviderOptions {
  /** What stands before the name of a cache. */
  static final String PREFIX = "cache.";

  private static final List<String> FOREIGN =
      List.of("javax.", "java.", "jakarta.", "hibernate.", "spring.");

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

  private static final Option<Integer> EVENTS_LIMIT =
      count(
          "events.limit",
          "10000",
          "How many events of a cache may wait for asynchronous listeners; at that number writers"
              + " wait for the listeners, and fail if those do nothing for as long as lock.timeout.");

  private static final Option<Integer> EXPIRY_LIMIT =
      count(
          "expiry.limit",
          "100000",
          "How many entries a cache with a listener to expiry keeps in mind at a time; more of them"
              + " cost a walk over its entries each time half of them have expired.");

  /** Where more settings are. */
  private static final Option<String> CONFIG =
      new Option<>(
          "config",
          "",
          List.of(),
          "A properties file in UTF-8 with further settings, read when the manager is opened.",
          false,
          text -> text);

  private ProviderOptions() {}

  /** Returns the settings of a manager that are not the engine's. */
  public static List<Option<?>> ofManager() {
    return List.of(HEAP_SIZE, EVENTS_LIMIT, EXPIRY_LIMIT, CONFIG);
  }

  /** Returns the settings of one cache; in a URI each has {@code cache.NAME.} before its name. */
  public static List<Option<?>> ofCache() {
    return CacheOptions.all();
  }

  /**
   * Reads and validates what a URI, the file it was named in, and properties say together.
   *
   * @param uri of the database
   * @param ofFile what stood beside it in that file; empty if there was none
   * @param properties what came by code
   * @throws InvalidOptionException listing every violation
   */
  public static ManagerSettings parse(LarderUri uri, Properties ofFile, Properties properties) {
    Given given = new Given();
    given.addAll(uri.parameters(), Given.URI);
    given.addAll(own(ofFile), "the cache configuration");
    given.addAll(own(properties), "the properties");
    String file = given.values.get(CONFIG.name());
    if (file != null) {
      given.addAll(own(read(file)), "the file " + file);
    }
    Map<String, String> parameters = given.values;
    Set<String> cacheNames = cacheNames(parameters.keySet());
    try {
      EngineOptions.validate(new LarderUri(uri.location(), parameters), known(cacheNames));
    } catch (InvalidOptionException e) {
      throw new InvalidOptionException(
          e.getMessage() + given.places(String.valueOf(e.getMessage())) + given.contradictions(),
          e);
    }
    List<String> violations = new ArrayList<>(given.contradictions);
    Map<String, CacheSettings> caches = new TreeMap<>();
    for (String cacheName : cacheNames) {
      caches.put(cacheName, CacheOptions.read(PREFIX + cacheName + ".", parameters, violations));
    }
    if (!violations.isEmpty()) {
      throw new InvalidOptionException(
          "Contradicting options: "
              + String.join("; ", violations)
              + given.places(violations.toString()));
    }
    LarderUri engineUri = new LarderUri(uri.location(), engineParameters(parameters));
    return new ManagerSettings(
        engineUri,
        HEAP_SIZE.parse(parameters.get(HEAP_SIZE.name())),
        EVENTS_LIMIT.parse(parameters.get(EVENTS_LIMIT.name())),
        EXPIRY_LIMIT.parse(parameters.get(EXPIRY_LIMIT.name())),
        caches);
  }

  private static Option<Integer> count(String name, String defaultText, String description) {
    return new Option<>(
        name,
        defaultText,
        List.of(),
        description,
        false,
        text -> {
          long count = CacheOptions.parseCount(text);
          if (count < 1 || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                "found '" + text + "', expected a number from 1 to " + Integer.MAX_VALUE);
          }
          return (int) count;
        });
  }

  private static List<Option<?>> known(Set<String> cacheNames) {
    List<Option<?>> known = new ArrayList<>(EngineOptions.all());
    known.addAll(StoreOptions.all());
    known.addAll(ofManager());
    for (String cacheName : cacheNames) {
      for (Option<?> option : ofCache()) {
        known.add(renamed(option, PREFIX + cacheName + "." + option.name()));
      }
    }
    return known;
  }

  private static Map<String, String> own(Properties properties) {
    Map<String, String> own = new LinkedHashMap<>();
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      if (FOREIGN.stream().noneMatch(name::startsWith)) {
        own.put(name, properties.getProperty(name));
      }
    }
    return own;
  }

  private static Properties read(String file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) { // the latter: no path, or a bad escape
      throw new InvalidOptionException(
          "Invalid option: config: found '"
              + file
              + "', expected a properties file that can be read: "
              + e,
          e);
    }
    return properties;
  }

  private static Map<String, String> engineParameters(Map<String, String> parameters) {
    Map<String, String> engine = new LinkedHashMap<>(parameters);
    engine
        .keySet()
        .removeIf(
            name ->
                name.startsWith(PREFIX)
                    || ofManager().stream().anyMatch(option -> option.name().equals(name)));
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

  private static <T> Option<T> renamed(Option<T> option, String name) {
    return new Option<>(
        name,
        option.defaultText(),
        option.choices(),
        option.description(),
        option.secret(),
        option.parser());
  }

  /** What was given where. */
  private static final class Given {
    private static final String URI = "the URI";

    final Map<String, String> values = new LinkedHashMap<>();
    final List<String> contradictions = new ArrayList<>();
    private final Map<String, String> places = new TreeMap<>();

    void addAll(Map<String, String> parameters, String place) {
      parameters.forEach(
          (name, value) -> {
            String first = values.putIfAbsent(name, value);
            if (first == null) {
              places.put(name, place);
            } else if (!first.equals(value)) {
              contradictions.add(
                  name
                      + ": "
                      + places.get(name)
                      + " says '"
                      + first
                      + "', "
                      + place
                      + " says '"
                      + value
                      + "'");
            }
          });
    }

    /** Returns the contradictions as the end of a message. */
    String contradictions() {
      return contradictions.isEmpty()
          ? ""
          : "; contradicting options: " + String.join("; ", contradictions);
    }

    /** Says where the options that a message names were given, unless they stand in the URI. */
    String places(String message) {
      List<String> named = new ArrayList<>();
      places.forEach(
          (name, place) -> {
            if (!place.equals(URI) && message.contains(name)) {
              named.add(name + " is given in " + place);
            }
          });
      return named.isEmpty() ? "" : " (" + String.join("; ", named) + ")";
    }
  }
}
