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
    URI uri = URI.create("larder:" + arguments[0] + "?sync=always");
    System.out.println("apples left: " + sellApple(uri));
  }

  /** Sells an apple from the durable stock and returns how many are left. */
  static int sellApple(URI uri) {
    // snippet: jcache
    var types = new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class);
    try (CacheManager manager = Caching.getCachingProvider().getCacheManager(uri, null)) {
      Cache<String, Integer> stock = manager.getCache("stock", String.class, Integer.class);
      if (stock == null) { // only the first time: afterwards it is there, with all that is in it
        stock = manager.createCache("stock", types);
      }
      stock.putIfAbsent("apples", 42);
      stock.replace("apples", stock.get("apples") - 1);
      return stock.get("apples"); // what was put is on disk: it survives kill -9 and power loss
    }
    // end
  }
}
