package io.larder.simulation.fuzz;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Makes the checksums of a changed file right again, as far as FORMAT.md and the file itself say where they are, so that
 * what is behind them is reached. Stateless.
 */
final class Seals {
  private static final int HEADER_BYTES = 32;
  private static final int PAGE_BYTES = 4096;
  private static final int[] MARKS = {512, 1024, 1536, 2048};

  private Seals() {}

  static void repair(String name, byte[] file) {
    if (file.length < HEADER_BYTES) {
      return;
    }
    ByteBuffer content = ByteBuffer.wrap(file);
    content.putInt(28, checksum(file, 0, 28));
    if (name.endsWith(".table")) {
      table(file);
    } else if (name.endsWith(".manifest")) {
      manifest(file);
    } else if (name.endsWith(".wal")) {
      segment(file);
    } else if (name.equals("CURRENT") && file.length >= 40) {
      content.putInt(36, checksum(file, 0, 36));
    } else if (name.equals("INVENTORY") || name.endsWith(".backup")) {
      inventory(file);
    }
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, offset, length);
    return (int) checksum.getValue();
  }

  private static void table(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int footer = file.capacity() - 64;
    if (footer < HEADER_BYTES) {
      return;
    }
    int checksums = file.getInt(footer + 32);
    if (checksums > 0 && checksums < footer) {
      for (int start = 0; start < checksums; start += PAGE_BYTES) {
        int place = checksums + start / PAGE_BYTES * 4;
        if (place + 4 <= footer) {
          int length = Math.min(PAGE_BYTES, checksums - start);
          file.putInt(place, checksum(bytes, start, length));
        }
      }
      file.putInt(footer + 48, checksum(bytes, checksums, footer - checksums));
    }
    file.putInt(footer + 60, checksum(bytes, footer, 60));
  }

  private static void manifest(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int at = HEADER_BYTES;
    while (at + 20 <= file.capacity()) {
      int length = file.getInt(at);
      file.putInt(at + 12, checksum(bytes, at, 12));
      if (length < 0 || length > file.capacity() - at - 20) {
        return;
      }
      file.putInt(at + 16 + length, checksum(bytes, at + 16, length));
      at += 20 + length;
    }
  }

  private static void inventory(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int length = file.capacity() < HEADER_BYTES + 8 ? -1 : file.getInt(HEADER_BYTES);
    if (length >= 0 && length <= file.capacity() - HEADER_BYTES - 8) {
      file.putInt(HEADER_BYTES + 4 + length, checksum(bytes, HEADER_BYTES, 4 + length));
    }
  }

  private static void segment(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    if (file.capacity() < PAGE_BYTES) {
      return;
    }
    file.putInt(48, checksum(bytes, 0, 48));
    for (int mark : MARKS) {
      if (file.getInt(mark + 4) != 0) {
        file.putInt(mark, checksum(bytes, mark + 4, 44));
      }
    }
    int at = PAGE_BYTES;
    while (at + 40 <= file.capacity() && file.getInt(at) != 0) {
      int length = file.getInt(at);
      if (length > 0 && length <= file.capacity() - at - 40) {
        file.putInt(at + 8, checksum(bytes, at + 40, length));
      }
      file.putInt(at + 4, frameChecksum(bytes, at));
      if (length < 0 || length > file.capacity() - at - 40) {
        return;
      }
      at += 40 + (length + 7) / 8 * 8;
    }
  }

  private static int frameChecksum(byte[] bytes, int at) {
    ByteBuffer covered = ByteBuffer.allocate(8 + 8 + 40);
    covered.put(bytes, HEADER_BYTES, 8).putLong(at).put(bytes, at, 4).putInt(0);
    covered.put(bytes, at + 8, 32);
    return checksum(covered.array(), 0, covered.position());
  }
}
