package io.larder.jcache.internal.settings;

import io.larder.engine.api.Durations;
import io.larder.engine.api.SyncMode;
import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.tables.TableDefinition;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import org.jspecify.annotations.Nullable;

/**
 * Writes a cache's configuration into the attributes of its table, and reads it back. Stateless.
 *
 * <p>Kept: types, expiry, bounds, sync mode, statistics, management; and of what is code, what is made by the name of a
 * class: loader, writer, listeners, expiry policy. Of other code only that it was there is kept, so that reopening
 * can warn; it is attached again by creating the cache with its configuration, which keeps its entries.
 */
public final class CacheAttributes {
  private static final Logger LOGGER = System.getLogger(CacheAttributes.class.getName());

  private static final String KEY_CLASS = TableDefinition.KEY_CLASS;
  private static final String VALUE_CLASS = TableDefinition.VALUE_CLASS;
  private static final String TIME_TO_LIVE = "ttl";
  private static final String EXPIRY = "jcache.expiry";
  private static final String MAX_ENTRIES = "jcache.max.entries";
  private static final String MAX_BYTES = "jcache.max.bytes";
  private static final String SYNC = "jcache.sync";
  private static final String LOADER = "jcache.loader";
  private static final String READ_THROUGH = "jcache.read.through";
  private static final String WRITER = "jcache.writer";
  private static final String WRITE_THROUGH = "jcache.write.through";
  private static final String LISTENERS = "jcache.listeners";
  private static final String STATISTICS = "jcache.statistics";
  private static final String MANAGEMENT = "jcache.management";
  private static final String CUSTOM = "custom ";

  private CacheAttributes() {}

  /** Returns a table's definition with a cache's configuration in it. */
  public static TableDefinition write(
      TableDefinition definition, LarderConfiguration<?, ?> configuration) {
    Map<String, String> attributes = new TreeMap<>(definition.attributes());
    Optional<ExpirySetting> expiry = ExpirySetting.of(configuration.getExpiryPolicyFactory());
    attributes.put(
        EXPIRY,
        expiry
            .map(ExpirySetting::text)
            .orElseGet(() -> custom(configuration.getExpiryPolicyFactory())));
    set(
        attributes,
        TIME_TO_LIVE,
        expiry.map(ExpirySetting::duration).map(Durations::format).orElse(null));
    set(attributes, MAX_ENTRIES, text(configuration.maxEntries().stream().boxed().findAny()));
    set(attributes, MAX_BYTES, text(configuration.maxBytes().stream().boxed().findAny()));
    set(
        attributes,
        SYNC,
        configuration.syncMode().map(mode -> mode.name().toLowerCase(Locale.ROOT)).orElse(null));
    set(attributes, LOADER, className(configuration.getCacheLoaderFactory()));
    set(attributes, READ_THROUGH, configuration.isReadThrough() ? "true" : null);
    set(attributes, WRITER, className(configuration.getCacheWriterFactory()));
    set(attributes, WRITE_THROUGH, configuration.isWriteThrough() ? "true" : null);
    set(attributes, LISTENERS, listeners(configuration));
    return writeSwitches(definition.withAttributes(attributes), configuration);
  }

  /** Returns a table's definition with what of a configuration can be switched later, and nothing else of it. */
  public static TableDefinition writeSwitches(
      TableDefinition definition, CompleteConfiguration<?, ?> configuration) {
    Map<String, String> attributes = new TreeMap<>(definition.attributes());
    attributes.put(STATISTICS, String.valueOf(configuration.isStatisticsEnabled()));
    attributes.put(MANAGEMENT, String.valueOf(configuration.isManagementEnabled()));
    return definition.withAttributes(attributes);
  }

  private static void set(Map<String, String> attributes, String name, @Nullable String value) {
    if (value == null) {
      attributes.remove(name);
    } else {
      attributes.put(name, value);
    }
  }

  private static @Nullable String text(Optional<?> value) {
    return value.map(String::valueOf).orElse(null);
  }

  private static @Nullable String className(@Nullable Factory<?> factory) {
    return factory == null
        ? null
        : NamedFactory.className(factory).orElseGet(() -> custom(factory));
  }

  private static String custom(Factory<?> factory) {
    return CUSTOM + factory.getClass().getName();
  }

  private static @Nullable String listeners(CompleteConfiguration<?, ?> configuration) {
    List<String> texts = new ArrayList<>();
    configuration
        .getCacheEntryListenerConfigurations()
        .forEach(
            listener ->
                texts.add(
                    ListenerSetting.of(listener)
                        .map(ListenerSetting::text)
                        .orElseGet(() -> custom(listener.getCacheEntryListenerFactory()))));
    return texts.isEmpty() ? null : String.join(",", texts);
  }

  /**
   * Reads the configuration of a cache from its table's definition, overruled by the settings. A table made by
   * SQL has no classes stored: it takes those asked for.
   */
  public static LarderConfiguration<Object, Object> read(
      TableDefinition definition,
      CacheSettings settings,
      ClassLoader loader,
      Class<?> askedKeyType,
      Class<?> askedValueType) {
    LarderConfiguration<Object, Object> types =
        LarderConfiguration.builder(
                storedType(definition, KEY_CLASS, loader, askedKeyType),
                storedType(definition, VALUE_CLASS, loader, askedValueType))
            .build();
    CacheSettings overruled = settings.over(stored(definition, settings));
    return overruled.applyTo(types, definition.name(), loader);
  }

  private static CacheSettings stored(TableDefinition definition, CacheSettings settings) {
    Stored stored = new Stored(definition);
    return new CacheSettings(
        stored.expiry(settings.expiry() != null),
        stored.number(MAX_ENTRIES),
        stored.number(MAX_BYTES),
        stored.code(LOADER, settings.loaderClass() != null),
        stored.isOn(READ_THROUGH),
        stored.code(WRITER, settings.writerClass() != null),
        stored.isOn(WRITE_THROUGH),
        stored.listeners(settings.listeners() != null),
        stored.isOn(STATISTICS),
        stored.isOn(MANAGEMENT),
        null,
        stored.syncMode(),
        null,
        null);
  }

  private static Class<Object> storedType(
      TableDefinition definition, String attribute, ClassLoader loader, Class<?> asked) {
    String stored = definition.attribute(attribute);
    return TypeNames.cast(
        stored == null ? asked : TypeNames.find(stored, definition.name(), loader));
  }

  /** The attributes as settings. */
  private record Stored(TableDefinition definition) {

    @Nullable Long number(String attribute) {
      String text = definition.attribute(attribute);
      return text == null ? null : Long.valueOf(text);
    }

    boolean isOn(String attribute) {
      return Boolean.parseBoolean(definition.attribute(attribute));
    }

    @Nullable SyncMode syncMode() {
      String text = definition.attribute(SYNC);
      return text == null ? null : SyncMode.valueOf(text.toUpperCase(Locale.ROOT));
    }

    ExpirySetting expiry(boolean isOverruled) {
      String text = definition.attribute(EXPIRY);
      if (text == null) {
        String timeToLive = definition.attribute(TIME_TO_LIVE);
        return timeToLive == null ? ExpirySetting.ETERNAL : ExpirySetting.parse(timeToLive);
      }
      if (text.startsWith(CUSTOM)) {
        warn(isOverruled, "expiry policy", text, "new entries do not expire", "expiry");
        return ExpirySetting.ETERNAL;
      }
      return ExpirySetting.parse(text);
    }

    @Nullable String code(String attribute, boolean isOverruled) {
      String text = definition.attribute(attribute);
      if (text == null || !text.startsWith(CUSTOM)) {
        return text;
      }
      String setting = attribute.substring("jcache.".length());
      warn(isOverruled, setting, text, "it is not called", setting);
      return null;
    }

    List<ListenerSetting> listeners(boolean isOverruled) {
      String text = definition.attribute(LISTENERS);
      List<ListenerSetting> listeners = new ArrayList<>();
      if (text != null) {
        for (String part : text.split(",", -1)) {
          if (part.startsWith(CUSTOM)) {
            warn(isOverruled, "listener of", part, "it hears nothing", "listeners");
          } else {
            listeners.addAll(ListenerSetting.parseAll(part));
          }
        }
      }
      return listeners;
    }

    private void warn(
        boolean isOverruled, String what, String text, String consequence, String setting) {
      if (!isOverruled) {
        LOGGER.log(
            Level.WARNING,
            "Cache ''{0}'' had the {1} {2}, which has no name to restore it by: {3}; create the"
                + " cache with its configuration, or set cache.{0}.{4}",
            definition.name(),
            what,
            text.substring(CUSTOM.length()),
            consequence,
            setting);
      }
    }
  }

  /**
   * Checks that a cache may be opened with other types than it has stored.
   *
   * @throws CacheException naming both if they contradict each other
   */
  public static void requireSameTypes(
      TableDefinition stored, CompleteConfiguration<?, ?> configuration) {
    requireSameType(stored, KEY_CLASS, configuration.getKeyType());
    requireSameType(stored, VALUE_CLASS, configuration.getValueType());
  }

  private static void requireSameType(TableDefinition stored, String attribute, Class<?> asked) {
    String found = stored.attributes().get(attribute);
    if (found != null
        && asked != Object.class
        && !found.equals(Object.class.getName())
        && !found.equals(asked.getName())) {
      throw new CacheException(
          String.format(
              Locale.ROOT,
              "Cache '%s' is stored with %s %s, but was asked for with %s",
              stored.name(),
              attribute,
              found,
              asked.getName()));
    }
  }
}
