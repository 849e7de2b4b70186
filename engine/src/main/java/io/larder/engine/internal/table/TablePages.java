package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.BufferGuard;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.codec.MappedFaults;
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
final class TablePages implements BufferGuard {
  /** A page of checksums covers so many pages, as a power of two. */
  private static final int GROUP_BITS = TableLayout.PAGE_BITS - 2;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  final ByteBuffer file;
  final Path path;
  private final int checksumsOffset;
  private final int groupsOffset;
  private final long[] checked;

  /** Which groups of page checksums were found good. */
  private final long[] checkedGroups;

  TablePages(ByteBuffer file, Path path, TableFooter footer) {
    this.file = file;
    this.path = path;
    this.checksumsOffset = footer.checksumsOffset();
    this.groupsOffset = (int) footer.groupsOffset();
    this.checked = new long[words(TableLayout.pageCount(checksumsOffset))];
    this.checkedGroups = new long[words(TableLayout.pageCount(groupsOffset - checksumsOffset))];
  }

  private static int words(int bits) {
    return (bits + 63) >>> 6;
  }

  /** Returns a checksum for each 4096 bytes of the page checksums. */
  static byte[] groupChecksums(byte[] checksums) {
    ByteBuffer groups =
        ByteBuffer.allocate(TableLayout.pageCount(checksums.length) * TableLayout.CHECKSUM_BYTES);
    for (int start = 0; start < checksums.length; start += TableLayout.PAGE_BYTES) {
      int length = Math.min(TableLayout.PAGE_BYTES, checksums.length - start);
      groups.putInt(Checksums.crc32c(checksums, start, length));
    }
    return groups.array();
  }

  /** Checks the pages of a range that were not checked yet. */
  @Override
  public void require(int offset, int length) {
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
    for (int group = 0; group < TableLayout.pageCount(groupsOffset - checksumsOffset); group++) {
      checkGroup(group);
    }
    for (int page = 0; page < TableLayout.pageCount(checksumsOffset); page++) {
      check(page);
    }
  }

  private void check(int page) {
    int group = page >>> GROUP_BITS;
    if ((checkedGroups[group >>> 6] & 1L << group) == 0) {
      checkGroup(group);
    }
    int start = page << TableLayout.PAGE_BITS;
    requireChecksum(
        start,
        Math.min(TableLayout.PAGE_BYTES, checksumsOffset - start),
        checksumsOffset + page * TableLayout.CHECKSUM_BYTES);
    WORD.getAndBitwiseOr(checked, page >>> 6, 1L << page);
  }

  private void checkGroup(int group) {
    int start = checksumsOffset + (group << TableLayout.PAGE_BITS);
    requireChecksum(
        start,
        Math.min(TableLayout.PAGE_BYTES, groupsOffset - start),
        groupsOffset + group * TableLayout.CHECKSUM_BYTES);
    WORD.getAndBitwiseOr(checkedGroups, group >>> 6, 1L << group);
  }

  private void requireChecksum(int start, int length, int checksumOffset) {
    int found;
    int expected;
    try {
      expected = file.getInt(checksumOffset);
      found = Checksums.crc32c(file, start, length);
    } catch (InternalError e) { // how the JVM reports a fault in a mapping
      throw unreadable(e);
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
  }

  /** Returns what to throw for a fault in the mapping, which is how the JVM says that bytes cannot be read. */
  @Override
  public CorruptionException unreadable(InternalError fault) {
    return MappedFaults.corruption(path, fault);
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
