package io.larder.jcache;

import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.management.CacheStatisticsMXBean;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.ObjectName;

/** The beans of caches, as a monitoring tool sees them. */
final class TestBeans {
  private TestBeans() {}

  static CacheStatisticsMXBean statistics(Cache<?, ?> cache) {
    Set<ObjectName> names = names(cache, "CacheStatistics");
    return JMX.newMXBeanProxy(
        ManagementFactory.getPlatformMBeanServer(),
        names.iterator().next(),
        CacheStatisticsMXBean.class);
  }

  static Set<ObjectName> names(Cache<?, ?> cache, String type) {
    String manager = cache.getCacheManager().getURI().toString().replaceAll("[:=?]", ".");
    return query(
        "javax.cache:type=" + type + ",CacheManager=" + manager + ",Cache=" + cache.getName());
  }

  static Set<ObjectName> query(String pattern) {
    try {
      return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName(pattern), null);
    } catch (JMException e) {
      throw new IllegalArgumentException(pattern, e);
    }
  }
}
