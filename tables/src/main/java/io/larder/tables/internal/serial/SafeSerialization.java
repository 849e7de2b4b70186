package io.larder.tables.internal.serial;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Java serialization with an allow-list, limits and a given class loader. Stateless and thread-safe.
 *
 * <p>A filter set for the whole JVM is asked as well, and can only refuse more.
 */
public final class SafeSerialization {
  /** More than a thread's stack lets anybody write: what was written can be read. */
  private static final int DEPTH_MAX = 10_000;

  private SafeSerialization() {}

  /**
   * Returns the stream of an object.
   *
   * @param written is told the name of every class in the stream
   */
  public static byte[] write(Object value, Consumer<String> written) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (ObjectOutputStream output = new Recorder(bytes, written)) {
      output.writeObject(value);
    } catch (RuntimeException e) { // of the object's own writeObject, writeReplace and so on
      throw new IOException("the object cannot be written: " + e, e);
    }
    return bytes.toByteArray();
  }

  /**
   * Recreates the object of a stream.
   *
   * @throws RefusedClassException if the stream names a class that is not allowed
   * @throws ClassNotFoundException if the loader does not know a class
   * @throws IOException if the stream is damaged or asks for more than the limits grant
   */
  public static @Nullable Object read(byte[] stream, ClassLoader loader, AllowedClasses allowed)
      throws IOException, ClassNotFoundException, RefusedClassException {
    Filter filter = new Filter(allowed, stream.length);
    try (ObjectInputStream input = new LoaderInput(stream, loader)) {
      input.setObjectInputFilter(filter);
      return input.readObject();
    } catch (IOException e) {
      if (filter.refused != null) {
        throw new RefusedClassException(filter.refused, e);
      }
      throw e;
    } catch (ClassNotFoundException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw new IOException("the object cannot be recreated: " + e, e);
    }
  }

  /** Returns the name of the class of the object in a stream, without recreating anything. */
  public static String className(byte[] stream) {
    try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(stream))) {
      input.readInt();
      int kind = input.readByte();
      boolean described =
          kind == ObjectStreamConstants.TC_OBJECT
              || kind == ObjectStreamConstants.TC_ENUM
              || kind == ObjectStreamConstants.TC_ARRAY;
      return described && input.readByte() == ObjectStreamConstants.TC_CLASSDESC
          ? input.readUTF()
          : Object.class.getName();
    } catch (IOException e) {
      return Object.class.getName();
    }
  }

  private static final class Recorder extends ObjectOutputStream {
    private final Consumer<String> written;

    Recorder(OutputStream output, Consumer<String> written) throws IOException {
      super(output);
      this.written = written;
    }

    @Override
    protected void annotateClass(Class<?> type) {
      Class<?> element = type;
      while (element.isArray()) {
        element = element.getComponentType();
      }
      written.accept(element.getName());
    }
  }

  private static final class LoaderInput extends ObjectInputStream {
    private final ClassLoader loader;
    private final ContainerWeights weights;

    LoaderInput(byte[] stream, ClassLoader loader) throws IOException {
      super(new ByteArrayInputStream(stream));
      this.loader = loader;
      this.weights = new ContainerWeights(stream.length);
      enableResolveObject(true);
    }

    @Override
    protected @Nullable Object resolveObject(@Nullable Object read) throws IOException {
      if (read != null) {
        weights.check(read);
      }
      return read;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        // Primitive classes have names that no loader knows.
        return super.resolveClass(description);
      }
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces)
        throws IOException, ClassNotFoundException {
      throw new java.io.InvalidClassException(
          Proxy.class.getName(), "dynamic proxies are not recreated from bytes");
    }
  }

  private static final class Filter implements ObjectInputFilter {
    private final AllowedClasses allowed;
    private final long bytes;
    private @Nullable String refused;

    Filter(AllowedClasses allowed, long bytes) {
      this.allowed = allowed;
      this.bytes = bytes;
    }

    @Override
    public Status checkInput(FilterInfo info) {
      ObjectInputFilter ofProcess = Config.getSerialFilter();
      if (ofProcess != null && ofProcess.checkInput(info) == Status.REJECTED) {
        return refuse(info);
      }
      // A hash table has at most four slots an element, and an element at least one byte in the
      // stream.
      boolean tooMuch =
          info.depth() > DEPTH_MAX
              || info.references() > bytes
              || info.streamBytes() > bytes
              || info.arrayLength() > 16 + 8 * bytes;
      if (tooMuch) {
        return Status.REJECTED;
      }
      Class<?> type = info.serialClass();
      if (type == null) {
        return Status.UNDECIDED;
      }
      return allowed.allows(type) ? Status.ALLOWED : refuse(info);
    }

    private Status refuse(FilterInfo info) {
      Class<?> type = info.serialClass();
      if (type != null && refused == null) {
        refused = type.getName();
      }
      return Status.REJECTED;
    }
  }
}
