package io.larder.jcache.internal.settings;

import java.util.Locale;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** Classes of keys and values by name; {@code java.lang} may be left out, {@code byte[]} is an array. Stateless. */
final class TypeNames {
  private TypeNames() {}

  /** Returns the whole name of a class. */
  static @Nullable String full(@Nullable String name) {
    if (name == null || name.indexOf('.') >= 0 || name.startsWith("[")) {
      return name;
    }
    return name.equals("byte[]") ? byte[].class.getName() : "java.lang." + name;
  }

  /**
   * Finds the class of a cache's keys or values.
   *
   * @throws CacheException naming cache, class and loader if there is none
   */
  static Class<?> find(String name, String cacheName, ClassLoader loader) {
    try {
      return Class.forName(full(name), false, loader);
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

  /**
   * Returns the type of the settings if there is one, which a configuration may leave open, or must agree with.
   *
   * @throws CacheException naming both if they contradict each other
   */
  static <T> Class<T> agreed(
      Class<T> given, @Nullable String setting, String what, String cacheName, ClassLoader loader) {
    if (setting == null) {
      return given;
    }
    Class<?> type = find(setting, cacheName, loader);
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
    return cast(type);
  }

  /** Takes a class for that of a type parameter that was left open. */
  @SuppressWarnings("unchecked") // given types are kept, and what was Object takes anything
  static <T> Class<T> cast(Class<?> type) {
    return (Class<T>) type;
  }
}
