package io.larder.jdbc.internal.error;

import java.sql.SQLException;
import java.sql.Wrapper;

/**
 * What every object of the driver answers to {@link Wrapper}: it wraps nothing, so it is what it implements. One
 * place for all of them.
 */
public interface Unwrapping extends Wrapper {
  @Override
  default <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw Errors.of(
        SqlState.INVALID_ARGUMENT, "found " + getClass().getName() + ", not a " + type.getName());
  }

  @Override
  default boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
