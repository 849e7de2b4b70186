package io.larder.engine.internal.table;

import io.larder.engine.api.LimitExceededException;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes a file from front to back, with the checksums of its pages and of the whole. One thread. */
final class PageOutput {
  private static final int BUFFER_BYTES = 1 << 18; // a multiple of the page size

  /** Synced every so often, so that no large sync at the end delays those of the log. */
  private static final long SYNC_BYTES = 8 << 20;

  private final StorageFile file;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(buffer);
  private final CRC32C whole = new CRC32C();
  private final CRC32C page = new CRC32C();
  private int filled;
  private long flushed;
  private long synced;
  private int[] pageChecksums = new int[64];
  private int pages;
  private boolean pagesEnded;

  PageOutput(StorageFile file) {
    this.file = file;
  }

  long position() {
    return flushed + filled;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    if (position() + length > TableLayout.FILE_BYTES_MAX) {
      throw new LimitExceededException(
          file.path()
              + ": a table of "
              + (position() + length)
              + " bytes is over the limit of "
              + TableLayout.FILE_BYTES_MAX);
    }
    int from = offset;
    int rest = length;
    while (rest > 0) {
      int part = Math.min(rest, BUFFER_BYTES - filled);
      System.arraycopy(bytes, from, buffer, filled, part);
      filled += part;
      from += part;
      rest -= part;
      if (filled == BUFFER_BYTES) {
        flush();
      }
    }
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  void padTo(int alignment) throws IOException {
    int excess = (int) (position() % alignment);
    if (excess != 0) {
      write(new byte[alignment - excess]);
    }
  }

  private void flush() throws IOException {
    if (filled == 0) {
      return;
    }
    if (!pagesEnded) {
      addPageChecksums();
    }
    whole.update(buffer, 0, filled);
    file.write(flushed, view.clear().limit(filled));
    flushed += filled;
    filled = 0;
    if (flushed - synced >= SYNC_BYTES) {
      synced = flushed;
      file.sync(StorageFile.SyncScope.DATA);
    }
  }

  private void addPageChecksums() {
    for (int start = 0; start < filled; start += TableLayout.PAGE_BYTES) {
      page.reset();
      page.update(buffer, start, Math.min(TableLayout.PAGE_BYTES, filled - start));
      if (pages == pageChecksums.length) {
        pageChecksums = Arrays.copyOf(pageChecksums, pages << 1);
      }
      pageChecksums[pages++] = (int) page.getValue();
    }
  }

  /** Ends the pages, the last one mostly short, and returns their checksums as they go into the file. */
  byte[] endPages() throws IOException {
    flush();
    pagesEnded = true;
    ByteBuffer bytes = ByteBuffer.allocate(pages * TableLayout.CHECKSUM_BYTES);
    bytes.asIntBuffer().put(pageChecksums, 0, pages);
    return bytes.array();
  }

  /** Writes what is still buffered and returns the checksum of the whole file. */
  int finish() throws IOException {
    flush();
    return (int) whole.getValue();
  }
}
