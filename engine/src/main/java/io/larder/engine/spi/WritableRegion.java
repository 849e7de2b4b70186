package io.larder.engine.spi;

import java.io.IOException;

/**
 * A part of a file that is written by copying into memory, without a call to the operating system. Thread-safe as
 * long as no two threads write the same bytes.
 *
 * <p>What was written is seen by every later read of the file and survives the end of the process. Like any other
 * write it survives a power loss only after {@link StorageFile#sync} of the file it was mapped from; before that
 * it may reach the disk in any part and order. Closing gives the address space back where the platform allows it.
 */
public interface WritableRegion extends AutoCloseable {

  /**
   * Copies bytes into the region.
   *
   * @param position the offset from the region's beginning
   * @throws IOException if the machine cannot back the memory, for example for want of disk space; how many
   *     bytes were written is then open
   */
  void write(int position, byte[] source, int offset, int length) throws IOException;

  /** Releases the mapping; does nothing the second time. */
  @Override
  void close();
}
