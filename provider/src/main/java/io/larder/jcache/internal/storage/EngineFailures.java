package io.larder.jcache.internal.storage;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NoSuchKeyspaceException;
import javax.cache.CacheException;

/** The one place where the database's errors become those of JCache. Stateless. */
public final class EngineFailures {
  private EngineFailures() {}

  /**
   * Returns what JCache says for an error of the database: {@link IllegalStateException} if the database or the
   * table is gone, {@link CacheException} with the same message otherwise.
   */
  public static RuntimeException translate(LarderException failure) {
    if (failure instanceof ClosedException || failure instanceof NoSuchKeyspaceException) {
      return new IllegalStateException(failure.getMessage(), failure);
    }
    return new CacheException(failure.getMessage(), failure);
  }
}
