package io.larder.tables;

import org.jspecify.annotations.Nullable;

/** Decides what rows, enum constants and serialized objects become when they are read. Thread-safe. */
interface ClassSource {

  /**
   * Returns the class that rows or constants of a stored class name become where a class is expected; null = a {@link
   * Row}, or the constant's name.
   *
   * @throws SerializationException if the class must not or cannot be used
   */
  @Nullable Class<?> find(String className, Class<?> expected);

  /**
   * Returns what a serialized object becomes.
   *
   * @throws SerializationException if its class must not or cannot be used
   */
  @Nullable Object object(byte[] stream);

  /** What SQL reads: rows, names and {@link OpaqueValue}, never an object of an application's class. */
  ClassSource NONE =
      new ClassSource() {
        @Override
        public @Nullable Class<?> find(String className, Class<?> expected) {
          return null;
        }

        @Override
        public Object object(byte[] stream) {
          return new OpaqueValue(
              io.larder.tables.internal.serial.SafeSerialization.className(stream), stream);
        }
      };
}
