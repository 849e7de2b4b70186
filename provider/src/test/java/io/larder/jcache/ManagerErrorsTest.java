package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Properties;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ManagerErrorsTest {
  private final LarderCachingProvider provider = new LarderCachingProvider();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void wrongUri_isNamed() {
    assertThatThrownBy(() -> open(URI.create("ehcache:/tmp/x")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("ehcache:/tmp/x")
        .hasMessageContaining("expected larder:");
  }

  @Test
  void unknownOption_isNamedWithTheNearest() {
    assertThatThrownBy(() -> open(URI.create("larder:mem:x?snyc=always")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("did you mean 'sync'");
  }

  @Test
  void oversizedValue_namesSizeAndLimit() {
    CacheManager manager = open(URI.create("larder:mem:limits?value.limit=1KB&key.limit=64"));
    var cache = manager.createCache("cache", TestCaches.strings());

    assertThatThrownBy(() -> cache.put("k", "x".repeat(2000)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("1024 bytes");
    assertThatThrownBy(() -> cache.put("k".repeat(100), "v")).isInstanceOf(CacheException.class);
    assertThat(cache.containsKey("k")).isFalse();
    cache.put("k", "small");
    assertThat(cache.get("k")).isEqualTo("small");
  }

  @Test
  void wrongTypes_areRefusedAtTheDoor() {
    CacheManager manager = open(TestCaches.memoryUri());
    manager.createCache("cache", TestCaches.strings());
    javax.cache.Cache<Object, Object> raw = manager.getCache("cache");

    assertThatThrownBy(() -> raw.put(1, "v"))
        .isInstanceOf(ClassCastException.class)
        .hasMessageContaining("java.lang.Integer");
    assertThatThrownBy(() -> raw.put("k", 1)).isInstanceOf(ClassCastException.class);
  }

  @Test
  void failingFactory_leavesNoCacheBehind() {
    CacheManager manager = open(TestCaches.memoryUri());
    MutableConfiguration<String, String> configuration =
        TestCaches.strings()
            .setExpiryPolicyFactory(
                () -> {
                  throw new IllegalStateException("no policy today");
                });

    assertThatThrownBy(() -> manager.createCache("cache", configuration))
        .hasMessageContaining("no policy today");
    assertThat(manager.getCacheNames()).isEmpty();
    assertThat(manager.getCache("cache")).isNull();
  }

  @Test
  void settingsAndCode_mustAgreeOnTypes() {
    CacheManager manager = open(URI.create("larder:mem:types?cache.cache.key.type=Long"));

    assertThatThrownBy(() -> manager.createCache("cache", TestCaches.strings()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("java.lang.Long")
        .hasMessageContaining("java.lang.String");
    manager.createCache("cache", new MutableConfiguration<>());
    assertThat(manager.getCache("cache", Long.class, Object.class)).isNotNull();
  }

  @Test
  void cacheDroppedElsewhere_canBeCreatedAgain() {
    CacheManager manager = open(TestCaches.memoryUri());
    javax.cache.Cache<String, String> first = manager.createCache("cache", TestCaches.strings());
    first.put("k", "v");
    try (LarderCachingProvider other = new LarderCachingProvider()) {
      other.getCacheManager(manager.getURI(), null).destroyCache("cache");
    }

    assertThatThrownBy(() -> first.get("k")).isInstanceOf(IllegalStateException.class);
    assertThat(manager.getCache("cache")).isNull();
    assertThat(manager.createCache("cache", TestCaches.strings()).get("k")).isNull();
  }

  @Test
  void closedManager_saysSo() {
    CacheManager manager = open(TestCaches.memoryUri());
    manager.close();

    assertThatThrownBy(() -> manager.createCache("cache", TestCaches.strings()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(manager::getCacheNames).isInstanceOf(IllegalStateException.class);
    assertThat(open(manager.getURI())).isNotSameAs(manager);
  }

  private CacheManager open(URI uri) {
    return provider.getCacheManager(uri, getClass().getClassLoader(), new Properties());
  }
}
