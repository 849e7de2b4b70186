package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;

final class ClassLoaderTest {

  /** A value that exists once in each class loader. */
  static final class Parcel implements Serializable {
    private static final long serialVersionUID = 1L;
    final int[] weights = {1, 2, 3};
  }

  @Test
  void values_areOfTheManagersClassLoader() throws Exception {
    ClassLoader redeployed = new OwnParcel(getClass().getClassLoader());
    Class<?> parcel = redeployed.loadClass(Parcel.class.getName());
    assertThat(parcel).isNotEqualTo(Parcel.class);
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      var uri = TestCaches.memoryUri();
      CacheManager first =
          provider.getCacheManager(uri, getClass().getClassLoader(), new Properties());
      Cache<String, Parcel> parcels =
          first.createCache(
              "parcels",
              new MutableConfiguration<String, Parcel>().setTypes(String.class, Parcel.class));
      parcels.put("k", new Parcel());

      CacheManager second = provider.getCacheManager(uri, redeployed, new Properties());
      Object copy = second.getCache("parcels").get("k");

      assertThat(copy).isInstanceOf(parcel).isNotInstanceOf(Parcel.class);
      assertThat(parcels.get("k").weights).containsExactly(1, 2, 3);
    }
  }

  /** Defines a class of its own for Parcel, and leaves the rest to its parent. */
  private static final class OwnParcel extends ClassLoader {
    OwnParcel(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Parcel.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try (InputStream stream =
          getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = stream.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
