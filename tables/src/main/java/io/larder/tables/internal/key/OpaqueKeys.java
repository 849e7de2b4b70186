package io.larder.tables.internal.key;

/** How objects that have no key encoding of their own become bytes; given to the encoding by its callers. */
public interface OpaqueKeys {

  /** Returns the bytes of an object. */
  byte[] write(Object value);

  /** Returns what stands for the object of such bytes. */
  Object read(byte[] stream);
}
