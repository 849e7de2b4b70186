package io.larder.jcache.internal.operations;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * The loader and the writer of a cache, with what they throw wrapped as the standard says. Thread-safe as far as
 * they are.
 *
 * @param loader where missing values come from; null = none
 * @param isReadThrough whether lookups load what they miss
 * @param writer where changes go first; null = not write-through
 * @param keyType what keys must be
 * @param valueType what values must be
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public record Integration<K, V>(
    @Nullable CacheLoader<K, V> loader,
    boolean isReadThrough,
    @Nullable CacheWriter<? super K, ? super V> writer,
    Class<K> keyType,
    Class<V> valueType) {

  /** Returns whether lookups load what they miss. */
  boolean loadsOnMiss() {
    return isReadThrough && loader != null;
  }

  /** Loads the value of a key; null if there is none. */
  @Nullable V load(K key) {
    CacheLoader<K, V> source = loader;
    V loaded = source == null ? null : loading(() -> source.load(key));
    if (loaded != null) {
      requireType("a value", loaded, valueType);
    }
    return loaded;
  }

  private static void requireType(String what, Object loaded, Class<?> expected) {
    if (!expected.isInstance(loaded)) {
      throw new CacheLoaderException(
          "The cache loader returned "
              + what
              + " of "
              + loaded.getClass().getName()
              + ", expected "
              + expected.getName());
    }
  }

  /**
   * Checks what user code without types wants to store.
   *
   * @throws ClassCastException naming both types
   */
  V requireValue(V value) {
    if (!valueType.isInstance(value)) {
      throw new ClassCastException(
          "found a value of " + value.getClass().getName() + ", expected " + valueType.getName());
    }
    return value;
  }

  /** Loads the values of keys; keys that are null or were not asked for, and values that are null, are left out. */
  Map<K, V> loadAll(Collection<K> keys) {
    CacheLoader<K, V> source = loader;
    Set<K> asked = new HashSet<>(keys);
    Map<K, V> loaded = source == null ? null : loading(() -> source.loadAll(keys));
    Map<K, V> present = new HashMap<>();
    if (loaded != null) {
      loaded.forEach(
          (key, value) -> {
            if (key != null && value != null && asked.contains(key)) {
              requireType("a key", key, keyType);
              requireType("a value", value, valueType);
              present.put(key, value);
            }
          });
    }
    return present;
  }

  private static <T> T loading(Supplier<T> load) {
    try {
      return load.get();
    } catch (CacheLoaderException e) {
      throw e;
    } catch (Exception e) { // checked ones, too: not every language has to declare them
      throw new CacheLoaderException("The cache loader failed", e);
    }
  }

  /** Writes an entry through. */
  void write(K key, V value) {
    if (writer != null) {
      writing(() -> writer.write(new LarderEntry<>(key, value)));
    }
  }

  /** Deletes a key through. */
  void delete(K key) {
    if (writer != null) {
      writing(() -> writer.delete(key));
    }
  }

  /** Writes entries through, removing those that were written from the collection. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // the writer takes entries of supertypes
  void writeAll(Collection<Cache.Entry<? extends K, ? extends V>> entries) {
    if (writer != null) {
      writing(() -> writer.writeAll((Collection) entries));
    }
    entries.clear();
  }

  /** Deletes keys through, removing those that were deleted from the collection. */
  void deleteAll(Collection<K> keys) {
    if (writer != null) {
      writing(() -> writer.deleteAll(keys));
    }
    keys.clear();
  }

  private static void writing(Runnable write) {
    try {
      write.run();
    } catch (CacheWriterException e) {
      throw e;
    } catch (Exception e) { // checked ones, too: not every language has to declare them
      throw new CacheWriterException("The cache writer failed", e);
    }
  }

  /** Returns the loader and the writer, for closing. */
  public List<Object> userObjects() {
    List<Object> objects = new ArrayList<>();
    if (loader != null) {
      objects.add(loader);
    }
    if (writer != null) {
      objects.add(writer);
    }
    return objects;
  }
}
