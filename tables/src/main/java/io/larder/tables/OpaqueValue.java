package io.larder.tables;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A Java-serialized object as SQL sees it: a class name and a size, never an object. Immutable. Can be written
 * back where it came from, and cannot be made by anyone else, so that no SQL text becomes an object.
 */
public final class OpaqueValue {
  private final String className;
  private final byte[] stream;

  OpaqueValue(String className, byte[] stream) {
    this.className = className;
    this.stream = stream;
  }

  /** Returns the name of the object's class as its stream tells. */
  public String className() {
    return className;
  }

  /** Returns the size of the serialized object. */
  public int sizeBytes() {
    return stream.length;
  }

  byte[] stream() {
    return stream;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OpaqueValue opaque && Arrays.equals(stream, opaque.stream);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(stream);
  }

  @Override
  public String toString() {
    return className + " (" + stream.length + " bytes serialized)";
  }
}
