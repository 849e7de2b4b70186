package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import java.nio.ByteBuffer;

/**
 * The dimensions of a binary fuse filter and where a key's three places are. Immutable.
 *
 * <pre>
 * filter   seed             8 bytes
 *          segment length   4 bytes, a power of two
 *          segments         4 bytes, where first places may lie; two more follow
 *          fingerprints     1 byte a place: segment length x (segments + 2)
 * </pre>
 */
record FuseShape(int segmentLength, int segmentCount) {
  static final int HEADER_BYTES = 16;
  private static final int SEGMENT_LENGTH_MAX = 1 << 18;

  /** Returns dimensions that let nearly every seed succeed for the given number of keys. */
  static FuseShape of(int keys) {
    double size = Math.max(2, keys);
    int exponent = (int) Math.floor(Math.log(size) / Math.log(3.33) + 2.25);
    int length = Math.min(1 << exponent, SEGMENT_LENGTH_MAX);
    double factor = Math.max(1.125, 0.875 + 0.25 * Math.log(1e6) / Math.log(size));
    long capacity = (long) Math.ceil(size * factor);
    long segments = Math.max(1, (capacity + length - 1) / length - 2);
    return new FuseShape(length, (int) segments);
  }

  int places() {
    return segmentLength * (segmentCount + 2);
  }

  byte[] header(long seed) {
    byte[] filter = new byte[HEADER_BYTES + places()];
    ByteBuffer.wrap(filter).putLong(seed).putInt(segmentLength).putInt(segmentCount);
    return filter;
  }

  /** Returns the shape in a filter's header, checked against the bytes the filter has. */
  static FuseShape read(ByteBuffer file, int offset, int filterBytes) {
    int length = filterBytes < HEADER_BYTES ? 0 : file.getInt(offset + 8);
    int segments = filterBytes < HEADER_BYTES ? 0 : file.getInt(offset + 12);
    boolean sane = length > 0 && Integer.bitCount(length) == 1 && segments > 0;
    if (!sane || length * (segments + 2L) != filterBytes - HEADER_BYTES) {
      throw new CorruptionException(
          "table filter at offset "
              + offset
              + ": found "
              + segments
              + " segments of "
              + length
              + " in "
              + filterBytes
              + " bytes");
    }
    return new FuseShape(length, segments);
  }

  int firstPlace(long key) {
    long firstPlaces = (long) segmentCount * segmentLength;
    return (int) (Math.multiplyHigh(key, firstPlaces) + (key >> 63 & firstPlaces));
  }

  int secondPlace(long key, int firstPlace) {
    return firstPlace + segmentLength ^ (int) (key >>> 18) & segmentLength - 1;
  }

  int thirdPlace(long key, int firstPlace) {
    return firstPlace + 2 * segmentLength ^ (int) key & segmentLength - 1;
  }

  static byte fingerprint(long key) {
    return (byte) (key ^ key >>> 32);
  }

  /** Mixes a hash with a seed so that each seed gives other places. */
  static long mix(long hash, long seed) {
    long mixed = hash + seed;
    mixed = (mixed ^ mixed >>> 33) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ mixed >>> 33;
  }
}
