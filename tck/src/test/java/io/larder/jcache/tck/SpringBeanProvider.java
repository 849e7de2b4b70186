package io.larder.jcache.tck;

import io.larder.jcache.LarderCachingProvider;
import java.net.URI;
import javax.cache.annotation.BeanProvider;
import javax.cache.configuration.MutableConfiguration;
import manager.CacheNameOnEachMethodBlogManagerImpl;
import manager.ClassLevelCacheConfigBlogManagerImpl;
import manager.UsingDefaultCacheNameBlogManagerImpl;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Gives the TCK's annotation tests their beans, with Spring to act on the annotations and Larder to hold the caches.
 * Found by the TCK as a service; without it those tests exclude themselves.
 */
public final class SpringBeanProvider implements BeanProvider {
  private final ApplicationContext context = new AnnotationConfigApplicationContext(Beans.class);

  /** Starts Spring; called by the service loader. */
  public SpringBeanProvider() {}

  @Override
  public <T> T getBeanByType(Class<T> type) {
    return context.getBean(type);
  }

  /** The beans the tests ask for. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching(proxyTargetClass = true)
  static class Beans {
    @Bean
    CacheNameOnEachMethodBlogManagerImpl cacheNameOnEachMethod() {
      return new CacheNameOnEachMethodBlogManagerImpl();
    }

    @Bean
    ClassLevelCacheConfigBlogManagerImpl classLevelCacheConfig() {
      return new ClassLevelCacheConfigBlogManagerImpl();
    }

    @Bean
    UsingDefaultCacheNameBlogManagerImpl usingDefaultCacheName() {
      return new UsingDefaultCacheNameBlogManagerImpl();
    }

    @Bean
    CacheManager cacheManager() {
      return new CreatingCacheManager();
    }
  }

  /** Creates the caches the annotations name, in a provider that no other test closes. */
  private static final class CreatingCacheManager extends JCacheCacheManager {
    CreatingCacheManager() {
      super(
          new LarderCachingProvider()
              .getCacheManager(
                  URI.create("larder:mem:annotations?serialization.allow=domain.Blog"),
                  SpringBeanProvider.class.getClassLoader()));
    }

    @Override
    protected @Nullable Cache getMissingCache(String name) {
      javax.cache.CacheManager manager = getCacheManager();
      if (manager != null && manager.getCache(name) == null) {
        manager.createCache(name, new MutableConfiguration<>());
      }
      return super.getMissingCache(name);
    }
  }
}
