package io.larder.jcache.internal.settings;

import java.io.Serial;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import javax.cache.configuration.FactoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects of a class known by name: of the class itself, or what a factory of that class makes. Immutable and
 * thread-safe. No code of the class runs before it is known to be of the kind expected.
 *
 * @param <T> what is made
 */
final class NamedFactory<T> implements Factory<T> {
  @Serial private static final long serialVersionUID = 1L;

  private final String place;
  private final String className;
  private final Class<? super T> expected;
  private final transient @Nullable ClassLoader loader;

  /**
   * Creates a factory.
   *
   * @param place whose object it is, for messages
   */
  NamedFactory(String place, String className, Class<? super T> expected, ClassLoader loader) {
    this.place = place;
    this.className = className;
    this.expected = expected;
    this.loader = loader;
  }

  /** Returns the name of the class a factory makes objects of, if it can be told. */
  static Optional<String> className(Factory<?> factory) {
    if (factory instanceof NamedFactory<?> named) {
      return Optional.of(named.className);
    } else if (factory instanceof FactoryBuilder.ClassFactory<?>) {
      return standardClassName(factory);
    }
    return Optional.empty();
  }

  /** The standard's own factory by class name does not tell the name. */
  private static Optional<String> standardClassName(Factory<?> factory) {
    try {
      Field field = FactoryBuilder.ClassFactory.class.getDeclaredField("className");
      field.setAccessible(true);
      return Optional.ofNullable((String) field.get(factory));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Returns what is wrong with a class name, or null. */
  static @Nullable String violation(String className, Class<?> expected, ClassLoader loader) {
    try {
      find(className, expected, loader);
      return null;
    } catch (ClassNotFoundException e) {
      return e.getMessage();
    }
  }

  private static Class<?> find(String className, Class<?> expected, @Nullable ClassLoader loader)
      throws ClassNotFoundException {
    Class<?> found;
    try {
      found = Class.forName(className, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new ClassNotFoundException(
          "found '" + className + "', which the class loader " + loader + " does not find", e);
    }
    if (!expected.isAssignableFrom(found) && !Factory.class.isAssignableFrom(found)) {
      throw new ClassNotFoundException(
          "found '"
              + className
              + "', expected a class that implements "
              + expected.getName()
              + ", or a factory of such");
    }
    return found;
  }

  @Override
  public T create() {
    ClassLoader present = loader == null ? Thread.currentThread().getContextClassLoader() : loader;
    Object made;
    try {
      made = find(className, expected, present).getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new CacheException(place + ": " + e.getMessage(), e);
    } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
      throw new CacheException(
          place
              + ": found '"
              + className
              + "', expected a public class with a public constructor without parameters",
          e);
    } catch (InvocationTargetException | LinkageError e) {
      throw new CacheException(place + ": " + className + " cannot be created: " + e, e);
    }
    if (!expected.isInstance(made) && made instanceof Factory<?> factory) {
      made = factory.create();
    }
    if (!expected.isInstance(made)) {
      throw new CacheException(
          place
              + ": the factory "
              + className
              + " made "
              + (made == null ? "null" : "an object of " + made.getClass().getName())
              + ", expected one of "
              + expected.getName());
    }
    return cast(made);
  }

  @SuppressWarnings(
      "unchecked") // of the class expected; type arguments are the configuration's word
  private T cast(Object made) {
    return (T) made;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NamedFactory<?> factory
        && className.equals(factory.className)
        && expected == factory.expected;
  }

  @Override
  public int hashCode() {
    return className.hashCode();
  }

  @Override
  public String toString() {
    return "factory of " + className;
  }
}
