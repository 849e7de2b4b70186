package io.larder.samples.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Spring Boot picks the provider and its configuration by properties alone, and what it cached survives a restart. */
class SpringCacheTest {
  private static final AtomicInteger COMPUTED = new AtomicInteger();

  @TempDir Path directory;
  private Path caches;

  @BeforeEach
  void configure() throws IOException {
    COMPUTED.set(0);
    caches = directory.resolve("caches.properties");
    Files.writeString(
        caches,
        """
        larder.uri = larder:%s?sync=always
        cache.quotes.key.type = String
        cache.quotes.value.type = io.larder.samples.clients.SpringCacheTest$Quote
        cache.quotes.expiry = created:1h
        """
            .formatted(directory.resolve("data")));
  }

  @Test
  void cachedMethod_afterARestart_isNotCalledAgain() {
    try (ConfigurableApplicationContext application = start()) {
      Quotes quotes = application.getBean(Quotes.class);
      assertThat(quotes.quote("ACME").price()).isEqualByComparingTo("4.25");
      assertThat(quotes.quote("ACME")).isEqualTo(quotes.quote("ACME"));
      assertThat(COMPUTED).hasValue(1);
    }
    try (ConfigurableApplicationContext application = start()) {
      Quotes quotes = application.getBean(Quotes.class);
      assertThat(quotes.quote("ACME").price()).isEqualByComparingTo("4.25");
      assertThat(COMPUTED).hasValue(1);

      quotes.forget("ACME");
      quotes.quote("ACME");
      assertThat(COMPUTED).hasValue(2);
    }
  }

  private ConfigurableApplicationContext start() {
    Logger.getLogger("").setLevel(Level.WARNING);
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .logStartupInfo(false)
        .properties(
            "spring.main.banner-mode=off",
            "spring.cache.type=jcache",
            "spring.cache.jcache.provider=io.larder.jcache.LarderCachingProvider",
            "spring.cache.jcache.config=" + caches.toUri())
        .run();
  }

  /** A price, as it is cached. */
  public record Quote(String symbol, BigDecimal price) {}

  /** What takes long to find out. */
  public static class Quotes {
    /** Returns a price. */
    @Cacheable("quotes")
    public Quote quote(String symbol) {
      COMPUTED.incrementAndGet();
      return new Quote(symbol, new BigDecimal("4.25"));
    }

    /** Lets it be found out again. */
    @CacheEvict("quotes")
    public void forget(String symbol) {
      assertThat(symbol).isNotEmpty();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  @ImportAutoConfiguration(CacheAutoConfiguration.class)
  static class Application {
    @Bean
    Quotes quotes() {
      return new Quotes();
    }
  }
}
