package io.larder.samples.clients;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.cfg.Configuration;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hibernate's second-level cache in Larder, chosen and configured by Hibernate's own properties. */
class HibernateCacheTest {
  private static final Logger HIBERNATE = Logger.getLogger("org.hibernate");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"value", "reference"})
  void entity_isReadFromTheCache(String store) throws IOException {
    HIBERNATE.setLevel(Level.SEVERE);
    try (SessionFactory factory = factory("larder:mem:hibernate-" + store, store)) {
      factory.inTransaction(session -> session.persist(new Product(1, "apple")));
      Statistics statistics = factory.getStatistics();
      statistics.clear();

      factory.inTransaction(session -> assertName(session, "apple"));
      factory.inTransaction(session -> assertName(session, "apple"));
      assertThat(statistics.getSecondLevelCacheHitCount()).isEqualTo(2);
      assertThat(statistics.getPrepareStatementCount()).isZero();

      factory.inTransaction(session -> session.get(Product.class, 1L).name = "pear");
      factory.inTransaction(session -> assertName(session, "pear"));
      assertThat(statistics.getSecondLevelCacheHitCount()).isEqualTo(4);
      assertThat(statistics.getPrepareStatementCount()).as("the update alone").isEqualTo(1);
    }
  }

  @Test
  void query_isReadFromTheCache() throws IOException {
    HIBERNATE.setLevel(Level.SEVERE);
    try (SessionFactory factory = factory("larder:mem:hibernate-queries", "value")) {
      factory.inTransaction(session -> session.persist(new Product(1, "apple")));
      factory.inTransaction(HibernateCacheTest::countByQuery);
      Statistics statistics = factory.getStatistics();
      statistics.clear();

      factory.inTransaction(HibernateCacheTest::countByQuery);

      assertThat(statistics.getQueryCacheHitCount()).isEqualTo(1);
      assertThat(statistics.getPrepareStatementCount()).isZero();
    }
  }

  private static void countByQuery(Session session) {
    assertThat(
            session
                .createQuery("from Product where name like 'a%'", Product.class)
                .setCacheable(true)
                .list())
        .hasSize(1);
  }

  private static void assertName(Session session, String name) {
    assertThat(session.get(Product.class, 1L).name).isEqualTo(name);
  }

  private SessionFactory factory(String uri, String store) throws IOException {
    Path caches = directory.resolve("caches.properties");
    Files.writeString(
        caches,
        """
        larder.uri = %s
        cache.*.store = %s
        cache.*.max.entries = 10_000
        """
            .formatted(uri, store));
    return new Configuration()
        .addAnnotatedClass(Product.class)
        .setProperty("hibernate.connection.url", "jdbc:h2:mem:" + store)
        .setProperty("hibernate.hbm2ddl.auto", "create-drop")
        .setProperty("hibernate.generate_statistics", "true")
        .setProperty("hibernate.cache.use_second_level_cache", "true")
        .setProperty("hibernate.cache.use_query_cache", "true")
        .setProperty("hibernate.cache.region.factory_class", "jcache")
        .setProperty("hibernate.javax.cache.provider", "io.larder.jcache.LarderCachingProvider")
        .setProperty("hibernate.javax.cache.uri", caches.toUri().toString())
        .setProperty("hibernate.javax.cache.missing_cache_strategy", "create")
        .buildSessionFactory();
  }

  @Entity(name = "Product")
  @Cacheable
  @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
  static class Product {
    @Id long id;
    String name = "";
    @Version int version;

    Product() {}

    Product(long id, String name) {
      this.id = id;
      this.name = name;
    }
  }
}
