package io.larder.jcache.internal.settings;

import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Option;
import io.larder.engine.api.Sizes;
import io.larder.engine.api.SyncMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;

/** The option table of one cache; in a URI each name has {@code cache.NAME.} before it. Stateless. */
final class CacheOptions {
  private static final String NONE = "none";

  static final Option<ExpirySetting> EXPIRY =
      new Option<>(
          "expiry",
          "eternal",
          List.of(),
          "When entries expire: 'eternal', or a duration after the last write (30m), or created,"
              + " accessed, modified or touched with a duration (accessed:30m), or policy with the"
              + " class of one (policy:com.acme.Fridays).",
          false,
          ExpirySetting::parse);

  private static final Option<Long> MAX_ENTRIES =
      new Option<>(
          "max.entries",
          NONE,
          List.of(),
          "How many entries the cache may hold; those used least leave memory and disk. 'none' is"
              + " any number.",
          false,
          CacheOptions::parseCount);

  private static final Option<Long> MAX_BYTES =
      new Option<>(
          "max.bytes",
          NONE,
          List.of(),
          "How many bytes keys and values may take as they are stored; entries used least leave"
              + " memory and disk. 'none' is any number.",
          false,
          CacheOptions::parseSize);

  private static final Option<String> LOADER =
      className("loader", "The class of the cache loader, or of a factory of it.");
  private static final Option<Boolean> READ_THROUGH =
      onOff("read.through", "on with loader", "Whether lookups load what they miss.");
  private static final Option<String> WRITER =
      className("writer", "The class of the cache writer, or of a factory of it.");
  private static final Option<Boolean> WRITE_THROUGH =
      onOff("write.through", "on with writer", "Whether changes go to the writer.");

  private static final Option<List<ListenerSetting>> LISTENERS =
      new Option<>(
          "listeners",
          "",
          List.of(),
          "Classes of listeners, or of factories of them, separated by commas; behind each, after"
              + " colons, 'sync' if the writing thread is to call it, 'old' if it wants the value"
              + " before, and the class of a filter.",
          false,
          ListenerSetting::parseAll);

  private static final Option<Boolean> STATISTICS =
      onOff("statistics", "false", "Whether statistics are kept and their bean is registered.");
  private static final Option<Boolean> MANAGEMENT =
      onOff("management", "false", "Whether the bean that shows the configuration is registered.");

  private static final Option<Boolean> STORE =
      new Option<>(
          "store",
          "value",
          List.of("value", "reference"),
          "Whether values are copied in and out, or kept as references, which only caches in memory"
              + " can, and which no other door sees.",
          false,
          text -> choice(text, List.of("value", "reference")).equals("value"));

  private static final Option<SyncMode> SYNC =
      new Option<>(
          EngineOptions.SYNC.name(),
          "the database's",
          EngineOptions.SYNC.choices(),
          "When writes of this cache are acknowledged, whatever the database's own mode is.",
          false,
          EngineOptions.SYNC.parser());

  private static final Option<String> KEY_TYPE =
      typeName("key.type", "The class of keys; java.lang may be left out.");
  private static final Option<String> VALUE_TYPE =
      typeName("value.type", "The class of values, or byte[]; java.lang may be left out.");

  private static final List<Option<?>> ALL = table();

  private CacheOptions() {}

  private static List<Option<?>> table() {
    List<Option<?>> options = new ArrayList<>(List.of(EXPIRY));
    for (ExpirySetting.Kind kind : ExpirySetting.Kind.values()) {
      if (kind != ExpirySetting.Kind.ETERNAL) {
        options.add(
            new Option<>(
                EXPIRY.name() + "." + kind.word(),
                "",
                List.of(),
                kind == ExpirySetting.Kind.POLICY
                    ? "The class of an expiry policy, or of a factory of it."
                    : "The duration after which entries expire, counted as '"
                        + kind.word()
                        + "' says.",
                false,
                text -> ExpirySetting.of(kind, text)));
      }
    }
    options.addAll(
        List.of(
            MAX_ENTRIES,
            MAX_BYTES,
            LOADER,
            READ_THROUGH,
            WRITER,
            WRITE_THROUGH,
            LISTENERS,
            STATISTICS,
            MANAGEMENT,
            STORE,
            SYNC,
            KEY_TYPE,
            VALUE_TYPE));
    return List.copyOf(options);
  }

  static List<Option<?>> all() {
    return ALL;
  }

  /**
   * Reads what parameters say about a cache; each is right by itself.
   *
   * @param prefix what stands before the settings' names
   * @param violations gets what contradicts
   */
  static CacheSettings read(
      String prefix, Map<String, String> parameters, List<String> violations) {
    Reader reader = new Reader(prefix, parameters);
    Long maxEntries = reader.value(MAX_ENTRIES);
    Long maxBytes = reader.value(MAX_BYTES);
    if (maxEntries != null && maxEntries > 0 && maxBytes != null && maxBytes > 0) {
      violations.add(
          prefix
              + MAX_ENTRIES.name()
              + " is '"
              + maxEntries
              + "' and "
              + prefix
              + MAX_BYTES.name()
              + " is '"
              + Sizes.format(maxBytes)
              + "', expected one of them");
    }
    return new CacheSettings(
        reader.expiry(violations),
        maxEntries,
        maxBytes,
        reader.value(LOADER),
        reader.value(READ_THROUGH),
        reader.value(WRITER),
        reader.value(WRITE_THROUGH),
        reader.value(LISTENERS),
        reader.value(STATISTICS),
        reader.value(MANAGEMENT),
        reader.value(STORE),
        reader.value(SYNC),
        reader.value(KEY_TYPE),
        reader.value(VALUE_TYPE));
  }

  /** Reads the parameters of one prefix. */
  private record Reader(String prefix, Map<String, String> parameters) {

    <T> @Nullable T value(Option<T> option) {
      String text = parameters.get(prefix + option.name());
      return text == null ? null : option.parse(text);
    }

    @Nullable ExpirySetting expiry(List<String> violations) {
      Map<String, ExpirySetting> given = new LinkedHashMap<>();
      for (Option<?> option : ALL) {
        if (option.name().startsWith(EXPIRY.name())
            && value(option) instanceof ExpirySetting setting) {
          given.put(prefix + option.name(), setting);
        }
      }
      if (given.size() > 1) {
        violations.add(
            "expected one of " + String.join(", ", given.keySet()) + ", found " + given.size());
      }
      return given.isEmpty() ? null : given.values().iterator().next();
    }
  }

  /** Returns the name of a class if it can be one. */
  static String className(String text) {
    String name = text.strip();
    if (!SourceVersion.isName(name.replace('$', '.').replaceAll("\\.+", "."))) {
      throw new IllegalArgumentException("found '" + text + "', expected the name of a class");
    }
    return name;
  }

  static long parseCount(String text) {
    String trimmed = text.strip();
    if (trimmed.equalsIgnoreCase(NONE)) {
      return 0;
    }
    try {
      long count = Long.parseLong(trimmed.replace("_", ""));
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(countExpected(text), e);
    }
    throw new IllegalArgumentException(countExpected(text));
  }

  private static String countExpected(String text) {
    return "found '" + text + "', expected a number of entries from 1, or none";
  }

  private static long parseSize(String text) {
    if (text.strip().equalsIgnoreCase(NONE)) {
      return 0;
    }
    long bytes = Sizes.parse(text);
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "found '" + text + "', expected a size of at least 1 byte, or none");
    }
    return bytes;
  }

  private static String choice(String text, List<String> choices) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (!choices.contains(lower)) {
      throw new IllegalArgumentException(
          "found '" + text + "', expected " + String.join(", ", choices));
    }
    return lower;
  }

  private static Option<Boolean> onOff(String name, String defaultText, String description) {
    List<String> choices = List.of("true", "false", "on", "off");
    Function<String, Boolean> parser =
        text -> {
          String lower = choice(text, choices);
          return lower.equals("true") || lower.equals("on");
        };
    return new Option<>(name, defaultText, choices, description, false, parser);
  }

  private static Option<String> typeName(String name, String description) {
    return new Option<>(
        name,
        "",
        List.of(),
        description,
        false,
        text -> text.strip().equals("byte[]") ? "byte[]" : className(text));
  }

  private static Option<String> className(String name, String description) {
    return new Option<>(name, "", List.of(), description, false, CacheOptions::className);
  }
}
