package io.larder.samples;

import java.net.URI;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** A durable cache: run it as often as you like, the stock goes down by one each time. */
public final class JCacheExample {

  private JCacheExample() {}

  /** Runs the example in the directory named by the first argument. */
  public static void main(String[] arguments) {
    System.out.println("apples left: " + sellApple("larder:" + arguments[0] + "?sync=always"));
  }

  /** Sells an apple from the durable stock and returns how many are left. */
  static int sellApple(String uri) {
    // snippet: jcache
    try (CacheManager manager =
        Caching.getCachingProvider().getCacheManager(URI.create(uri), null)) {
      Cache<String, Integer> stock = manager.getCache("stock", String.class, Integer.class);
      if (stock == null) { // the first time; afterwards the cache is there, with all that is in it
        var types =
            new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class);
        stock = manager.createCache("stock", types);
        stock.put("apples", 42);
      }
      stock.invoke(
          "apples",
          (apples, none) -> {
            apples.setValue(apples.getValue() - 1);
            return 0;
          });
      return stock.get("apples"); // acknowledged = on disk: it survives kill -9 and power loss
    }
    // end
  }
}
