package io.larder.engine.spi;

import java.nio.ByteBuffer;

/**
 * A read-only view of a part of a file. Thread-safe as long as users take their own {@link
 * ByteBuffer#duplicate}.
 *
 * <p>Closing gives the address space back where the platform allows it. The owner closes it only after
 * the last reader has left; reading a closed region is an error the JVM may not survive.
 */
public interface MappedRegion extends AutoCloseable {

  /** Returns the bytes, big-endian, position 0, limit = length. Use absolute gets or a duplicate. */
  ByteBuffer buffer();

  /** Releases the mapping; does nothing the second time. */
  @Override
  void close();
}
