package io.larder.engine.internal.table;

import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.MappedRegion;
import io.larder.engine.spi.StorageFile;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file system that has one file, in an array, for tests that open a table thousands of times; refuses all else. */
final class OneFile {
  private OneFile() {}

  static FileSystem of(byte[] content) {
    return proxy(
        FileSystem.class,
        (method, arguments) ->
            switch (method) {
              case "open" -> file(content, (Path) arguments[0]);
              default -> throw new UnsupportedOperationException(method);
            });
  }

  private static StorageFile file(byte[] content, Path path) {
    return proxy(
        StorageFile.class,
        (method, arguments) ->
            switch (method) {
              case "path" -> path;
              case "sizeBytes" -> (long) content.length;
              case "map" -> new Region(content, (long) arguments[0], (long) arguments[1]);
              case "close" -> null;
              default -> throw new UnsupportedOperationException(method);
            });
  }

  private record Region(ByteBuffer buffer) implements MappedRegion {
    Region(byte[] content, long position, long length) {
      this(ByteBuffer.wrap(content, (int) position, (int) length).slice().asReadOnlyBuffer());
    }

    @Override
    public void close() {}
  }

  private interface Calls {
    Object call(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Calls calls) {
    Object made =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (instance, method, arguments) -> calls.call(method.getName(), arguments));
    return type.cast(made);
  }
}
