package io.larder.jcache;

import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.LarderException;
import io.larder.jcache.internal.settings.ManagerSettings;
import io.larder.jcache.internal.settings.ManagerUri;
import io.larder.jcache.internal.settings.ProviderOptions;
import io.larder.jcache.internal.storage.EngineFailures;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The entry point of Larder's JCache. Thread-safe; found by {@code Caching.getCachingProvider()}, or created by
 * hand.
 *
 * <p>A manager's URI says where its caches live: {@code larder:/var/lib/shop?sync=always} in a directory, where
 * they survive; {@code larder:mem:test} in memory, where they last as long as somebody has that database
 * open. A {@code file:} or {@code jar:} URI is that of a properties file, where {@code larder.uri} says the same.
 * The default is the system property {@code larder.uri}, or else {@code larder:mem:default}. Managers of one database share its data, whatever their
 * class loaders.
 */
public final class LarderCachingProvider implements CachingProvider {
  private final URI defaultUri = ManagerUri.ofProcess();
  private final ClassLoader defaultLoader = new ApplicationClassLoader();
  private final ReentrantLock lock = new ReentrantLock(); // guards managers
  private final Map<ClassLoader, Map<URI, LarderCacheManager>> managers = new WeakHashMap<>();

  /** Creates a provider without managers. */
  public LarderCachingProvider() {}

  /**
   * Returns the manager of a URI and class loader, opening the database if there is no such manager yet.
   *
   * @param uri where the caches live; null = the default URI
   * @param loader where classes of keys, values and configured types come from; null = the default loader
   * @param properties options beside those in the URI; null = none; ignored if the manager exists
   * @throws javax.cache.CacheException if the URI or an option is wrong, the directory is in use by another
   *     process, or is not a sound database; the message says which
   */
  @Override
  public CacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader loader, @Nullable Properties properties) {
    URI managerUri = uri == null ? defaultUri : uri;
    ClassLoader managerLoader = loader == null ? defaultLoader : loader;
    lock.lock();
    try {
      Map<URI, LarderCacheManager> ofLoader =
          managers.computeIfAbsent(managerLoader, unused -> new HashMap<>());
      LarderCacheManager manager = ofLoader.get(managerUri);
      if (manager == null || manager.isClosed()) {
        manager =
            open(managerUri, managerLoader, properties == null ? new Properties() : properties);
        ofLoader.put(managerUri, manager);
      }
      return manager;
    } finally {
      lock.unlock();
    }
  }

  private LarderCacheManager open(URI uri, ClassLoader loader, Properties properties) {
    try {
      ManagerUri source = ManagerUri.resolve(uri);
      ManagerSettings settings =
          ProviderOptions.parse(source.database(), source.properties(), properties);
      return new LarderCacheManager(this, uri, loader, properties, settings);
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public CacheManager getCacheManager(@Nullable URI uri, @Nullable ClassLoader loader) {
    return getCacheManager(uri, loader, getDefaultProperties());
  }

  @Override
  public CacheManager getCacheManager() {
    return getCacheManager(null, null, null);
  }

  /** Returns a loader that asks the thread's context loader for what Larder's own loader does not know. */
  @Override
  public ClassLoader getDefaultClassLoader() {
    return defaultLoader;
  }

  /** Returns the system property {@code larder.uri} of when the provider was made, or {@code larder:mem:default}. */
  @Override
  public URI getDefaultURI() {
    return defaultUri;
  }

  /** Returns new, empty properties. */
  @Override
  public Properties getDefaultProperties() {
    return new Properties();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      List.copyOf(managers.keySet()).forEach(this::close);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close(@Nullable ClassLoader loader) {
    lock.lock();
    try {
      Map<URI, LarderCacheManager> ofLoader =
          managers.remove(loader == null ? defaultLoader : loader);
      if (ofLoader != null) {
        new ArrayList<>(ofLoader.values()).forEach(LarderCacheManager::close);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close(@Nullable URI uri, @Nullable ClassLoader loader) {
    lock.lock();
    try {
      Map<URI, LarderCacheManager> ofLoader = managers.get(loader == null ? defaultLoader : loader);
      LarderCacheManager manager =
          ofLoader == null ? null : ofLoader.get(uri == null ? defaultUri : uri);
      if (manager != null) {
        manager.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a manager that was closed. */
  void forget(LarderCacheManager manager) {
    lock.lock();
    try {
      Map<URI, LarderCacheManager> ofLoader = managers.get(manager.getClassLoader());
      if (ofLoader != null && ofLoader.remove(manager.getURI(), manager) && ofLoader.isEmpty()) {
        managers.remove(manager.getClassLoader());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns true for store-by-reference, unless the default URI leads to a directory, which stores bytes. */
  @Override
  public boolean isSupported(OptionalFeature feature) {
    try {
      return feature == OptionalFeature.STORE_BY_REFERENCE
          && ManagerUri.resolve(defaultUri).database().location()
              instanceof DatabaseLocation.InMemory;
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  /** One loader for all threads, that looks where the asking thread would look. */
  private static final class ApplicationClassLoader extends ClassLoader {
    ApplicationClassLoader() {
      super("larder", LarderCachingProvider.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      if (context == null || context == this || context == getParent()) {
        throw new ClassNotFoundException(name);
      }
      return context.loadClass(name);
    }
  }
}
