package io.larder.jcache.internal.settings;

import io.larder.engine.api.Durations;
import io.larder.tables.TableDefinition;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Writes a cache's configuration into the attributes of its table, and reads it back. Stateless.
 *
 * <p>Kept: the types, the expiry policy if it is one of the standard's own, statistics, management. Not kept,
 * since they are code: loaders, writers, listeners, other expiry policies; they are attached again by
 * creating the cache with a configuration, which keeps its entries.
 */
public final class CacheAttributes {
  private static final Logger LOGGER = System.getLogger(CacheAttributes.class.getName());

  private static final String KEY_CLASS = TableDefinition.KEY_CLASS;
  private static final String VALUE_CLASS = TableDefinition.VALUE_CLASS;
  private static final String TIME_TO_LIVE = "ttl";
  private static final String EXPIRY = "jcache.expiry";
  private static final String STATISTICS = "jcache.statistics";
  private static final String MANAGEMENT = "jcache.management";
  private static final String CUSTOM = "custom ";

  private CacheAttributes() {}

  /** Returns a table's definition with a cache's configuration in it. */
  public static TableDefinition write(
      TableDefinition definition, CompleteConfiguration<?, ?> configuration) {
    Map<String, String> attributes = new TreeMap<>(definition.attributes());
    attributes.remove(TIME_TO_LIVE);
    ExpiryPolicy policy = configuration.getExpiryPolicyFactory().create();
    Optional<ExpirySetting> expiry = ExpirySetting.of(policy);
    attributes.put(
        EXPIRY,
        expiry.map(ExpirySetting::text).orElseGet(() -> CUSTOM + policy.getClass().getName()));
    expiry
        .map(ExpirySetting::duration)
        .ifPresent(duration -> attributes.put(TIME_TO_LIVE, Durations.format(duration)));
    attributes.put(STATISTICS, String.valueOf(configuration.isStatisticsEnabled()));
    attributes.put(MANAGEMENT, String.valueOf(configuration.isManagementEnabled()));
    return definition.withAttributes(attributes);
  }

  /**
   * Reads the configuration of a cache from its table's definition, overruled by the settings. A table made by
   * SQL has no classes stored: it takes those asked for.
   */
  public static CacheConfiguration<Object, Object> read(
      TableDefinition definition,
      CacheSettings settings,
      ClassLoader loader,
      Class<?> askedKeyType,
      Class<?> askedValueType) {
    Map<String, String> attributes = definition.attributes();
    MutableConfiguration<Object, Object> values = new MutableConfiguration<>();
    values.setTypes(
        storedType(definition, KEY_CLASS, loader, askedKeyType),
        storedType(definition, VALUE_CLASS, loader, askedValueType));
    values.setStatisticsEnabled(Boolean.parseBoolean(attributes.get(STATISTICS)));
    values.setManagementEnabled(Boolean.parseBoolean(attributes.get(MANAGEMENT)));
    values.setExpiryPolicyFactory(storedExpiry(definition, settings).factory());
    return CacheConfiguration.of(values, settings);
  }

  private static Class<Object> storedType(
      TableDefinition definition, String attribute, ClassLoader loader, Class<?> asked) {
    String stored = definition.attribute(attribute);
    return cast(stored == null ? asked : typeOf(stored, definition.name(), loader));
  }

  private static ExpirySetting storedExpiry(TableDefinition definition, CacheSettings settings) {
    Map<String, String> attributes = definition.attributes();
    String text = attributes.get(EXPIRY);
    if (text == null) {
      String timeToLive = attributes.get(TIME_TO_LIVE);
      return timeToLive == null ? ExpirySetting.ETERNAL : ExpirySetting.parse(timeToLive);
    }
    if (text.startsWith(CUSTOM)) {
      if (settings.expiry() == null) {
        LOGGER.log(
            Level.WARNING,
            "Cache ''{0}'' had the expiry policy {1}, which cannot be restored: new entries do not"
                + " expire; create the cache with its configuration, or set cache.{0}.expiry",
            definition.name(),
            text.substring(CUSTOM.length()));
      }
      return ExpirySetting.ETERNAL;
    }
    return ExpirySetting.parse(text);
  }

  /** Returns the types the settings ask for, or {@code Object}. */
  public static MutableConfiguration<Object, Object> fromSettings(
      String cacheName, CacheSettings settings, ClassLoader loader) {
    String keyType = settings.keyType();
    String valueType = settings.valueType();
    return new MutableConfiguration<>()
        .setTypes(
            cast(typeOf(keyType == null ? "Object" : keyType, cacheName, loader)),
            cast(typeOf(valueType == null ? "Object" : valueType, cacheName, loader)));
  }

  /**
   * Returns a configuration given by code, with the types the settings ask for if it has none itself.
   *
   * @throws CacheException naming both if they contradict each other
   */
  public static <K, V> Configuration<K, V> withTypes(
      Configuration<K, V> given, String cacheName, CacheSettings settings, ClassLoader loader) {
    Class<?> keyType =
        agreedType(given.getKeyType(), settings.keyType(), "keys", cacheName, loader);
    Class<?> valueType =
        agreedType(given.getValueType(), settings.valueType(), "values", cacheName, loader);
    if (keyType == given.getKeyType() && valueType == given.getValueType()) {
      return given;
    }
    MutableConfiguration<K, V> typed = CacheConfiguration.mutable(given);
    return typed.setTypes(cast(keyType), cast(valueType));
  }

  private static Class<?> agreedType(
      Class<?> given, @Nullable String setting, String what, String cacheName, ClassLoader loader) {
    if (setting == null) {
      return given;
    }
    Class<?> type = typeOf(setting, cacheName, loader);
    if (given != Object.class && given != type) {
      throw new CacheException(
          String.format(
              Locale.ROOT,
              "Cache '%s': the settings say %s are %s, the configuration says %s",
              cacheName,
              what,
              type.getName(),
              given.getName()));
    }
    return type;
  }

  @SuppressWarnings("unchecked") // given types are kept, and what was Object takes anything
  private static <T> Class<T> cast(Class<?> type) {
    return (Class<T>) type;
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

  private static Class<?> typeOf(String name, String cacheName, ClassLoader loader) {
    try {
      return Class.forName(name.indexOf('.') < 0 ? "java.lang." + name : name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new CacheException(
          String.format(
              Locale.ROOT,
              "Cache '%s' has the type %s, which the manager's class loader %s does not find",
              cacheName,
              name,
              loader),
          e);
    }
  }
}
