package io.larder.jcache;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;

/** A provider with one manager and a cache of strings; a database of its own for each test. */
final class TestCaches implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final CacheManager manager;

  private TestCaches(URI uri) {
    manager = provider.getCacheManager(uri, TestCaches.class.getClassLoader(), new Properties());
  }

  static TestCaches inMemory() {
    return new TestCaches(memoryUri());
  }

  static TestCaches in(Path directory) {
    return new TestCaches(uri(directory, "sync=none"));
  }

  static URI memoryUri() {
    return URI.create("larder:mem:test-" + NAMES.incrementAndGet());
  }

  static URI uri(Path directory, String parameters) {
    return URI.create(
        "larder:"
            + directory.toUri().getRawPath()
            + (parameters.isEmpty() ? "" : "?" + parameters));
  }

  static MutableConfiguration<String, String> strings() {
    return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
  }

  /** Returns when the only entry of a cache expires, as it is stored. */
  static long expiresAtMillis(Cache<?, ?> cache) {
    try (Cursor cursor = cache.unwrap(Keyspace.class).cursor(KeyRange.all())) {
      if (!cursor.next()) {
        throw new IllegalStateException("no entry in " + cache);
      }
      return cursor.expiresAtMillis();
    }
  }

  LarderCachingProvider provider() {
    return provider;
  }

  CacheManager manager() {
    return manager;
  }

  Cache<String, String> create(MutableConfiguration<String, String> configuration) {
    return manager.createCache("cache", configuration);
  }

  @Override
  public void close() {
    provider.close();
  }
}
