package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Checksums;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A table's mapped bytes and which of its pages were found to be what was written. Thread-safe.
 *
 * <p>Nothing is read before {@link #require} has covered it. Threads that race to check a page do the same work twice
 * and come to the same result.
 */
final class TablePages {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  final ByteBuffer file;
  final Path path;
  private final int checksumsOffset;
  private final long[] checked;

  TablePages(ByteBuffer file, Path path, int checksumsOffset) {
    this.file = file;
    this.path = path;
    this.checksumsOffset = checksumsOffset;
    this.checked = new long[(TableLayout.pageCount(checksumsOffset) + 63) >>> 6];
  }

  /** Checks the pages of a range that were not checked yet. */
  void require(int offset, int length) {
    int page = offset >>> TableLayout.PAGE_BITS;
    int last = offset + length - 1 >>> TableLayout.PAGE_BITS;
    do {
      if ((checked[page >>> 6] & 1L << page) == 0) {
        check(page);
      }
    } while (++page <= last);
  }

  /** Checks all pages, also those that were found good before. */
  void requireAll() {
    for (int page = 0; page < TableLayout.pageCount(checksumsOffset); page++) {
      check(page);
    }
  }

  private void check(int page) {
    int start = page << TableLayout.PAGE_BITS;
    int length = Math.min(TableLayout.PAGE_BYTES, checksumsOffset - start);
    int expected = file.getInt(checksumsOffset + page * TableLayout.CHECKSUM_BYTES);
    int found;
    try {
      found = Checksums.crc32c(file, start, length);
    } catch (InternalError e) { // how the JVM reports a fault in a mapping
      throw new CorruptionException(
          path + ": bytes at offset " + start + " cannot be read; was the file cut?", e);
    }
    if (found != expected) {
      throw corrupt(
          start,
          "checksum "
              + HexFormat.of().toHexDigits(found)
              + " over "
              + length
              + " bytes, expected "
              + HexFormat.of().toHexDigits(expected));
    }
    WORD.getAndBitwiseOr(checked, page >>> 6, 1L << page);
  }

  CorruptionException corrupt(int offset, String found) {
    return new CorruptionException(path + ": at offset " + offset + ": found " + found);
  }

  /** Compares bytes of the file with those of an array, unsigned. */
  int compare(int position, int length, byte[] array, int offset, int arrayLength) {
    int common = Math.min(length, arrayLength);
    int i = 0;
    for (; i + Long.BYTES <= common; i += Long.BYTES) {
      long left = file.getLong(position + i);
      long right = (long) LONGS.get(array, offset + i);
      if (left != right) {
        return Long.compareUnsigned(left, right);
      }
    }
    for (; i < common; i++) {
      int order = (file.get(position + i) & 0xFF) - (array[offset + i] & 0xFF);
      if (order != 0) {
        return order;
      }
    }
    return length - arrayLength;
  }

  /** Returns whether bytes of the file are those of an array. */
  boolean isEqual(int position, int length, byte[] array, int offset) {
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      if (file.getLong(position + i) != (long) LONGS.get(array, offset + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (file.get(position + i) != array[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
