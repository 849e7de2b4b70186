package io.larder.jdbc.internal.plan;

import org.jspecify.annotations.Nullable;

/** Rows one after the other. Not thread-safe; closed by whoever opened it. */
public interface RowCursor extends AutoCloseable {

  /** Returns the next row in the types of {@link io.larder.tables.DataType}, or null at the end. */
  @Nullable Object @Nullable [] next();

  @Override
  void close();
}
