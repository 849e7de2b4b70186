package io.larder.tables;

import io.larder.engine.api.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the same columns of one entry after the other. Used by one thread at a time; made once for a scan by {@link
 * RowCodec#reader}, and nothing needs closing.
 */
public interface RowReader {

  /** Returns whether a key column is wanted; if not, any array does for a key. */
  boolean readsKey();

  /** Returns whether a value column is wanted; if not, any array does for a value. */
  boolean readsValue();

  /** Fills the first elements of the target with the columns, in the order they were asked for. */
  void read(byte[] key, byte[] value, long expiresAtMillis, @Nullable Object[] target);

  /** Fills the target like {@link #read(byte[], byte[], long, Object[])} from the entry a cursor stands on. */
  void read(Cursor entry, @Nullable Object[] target);
}
