package io.larder.engine.internal.table;

/**
 * The constants of the sorted table format, shared by writer and reader. All numbers are big-endian unless they are
 * varints (seven bits a byte, lowest first).
 *
 * <pre>
 * file      header          32 bytes, see FileHeader; file type 2, format version 2
 *           blocks          one after the other, no padding
 *           hash index      buckets of 64 bytes, starting at a multiple of 64; may be missing
 *           filter          binary fuse filter of 8-bit fingerprints; may be missing
 *           block index     12 bytes a block
 *           properties      totals, then one entry a keyspace
 *           page checksums  4 bytes for each 4096 bytes of everything above
 *           group checksums 4 bytes for each 4096 bytes of the page checksums
 *           footer          64 bytes
 *
 * block     prefix length   varint, 0 = records hold whole keys
 *           prefix          what all keys of the block begin with
 *           records         in internal order; a block holds one keyspace and all versions of its keys
 *
 * record    flags           1 byte: 1 tombstone, 2 has expiry, 4 same key as the record before,
 *                           8 key without the block's prefix, 16 an older version of the key follows
 *           key length      varint, of the bytes that follow here
 *           value length    varint, missing in a tombstone
 *           sequence        varint
 *           expiry          varint, only with flag 2
 *           block distance  varint, only with flag 8: from the block's start to this record
 *           key, value
 *
 * bucket    tags            12 bytes: the low 8 bits of each key's hash
 *           count           1 byte, 0 to 12
 *           overflow        1 byte: 1 if keys of this bucket or an earlier one went on to the next bucket
 *           zero            2 bytes
 *           offsets         12 x 4 bytes: where the newest version of the key is in the file
 *
 * index     offset          4 bytes: where the block starts
 * entry     discriminator   8 bytes of the block's first key behind the prefix common to its keyspace, zero-padded
 * </pre>
 *
 * <p>The checksum unit is the page of 4096 bytes, not the block: a record reached by its offset needs no search for the
 * block it is in, and indexes and filter are protected by the same rule. A page is checked when first touched after
 * open, and so is a group of 1024 page checksums; opening reads the group checksums only, 1 KB for each GB. What the
 * pages do not cover covers itself: the group checksums have a checksum in the footer, the footer has its own.
 */
final class TableLayout {
  static final int FORMAT_VERSION = 2;

  static final int PAGE_BITS = 12;
  static final int PAGE_BYTES = 1 << PAGE_BITS;
  static final int CHECKSUM_BYTES = 4;

  /** The size a mapping can have, and so a table. */
  static final long FILE_BYTES_MAX = Integer.MAX_VALUE;

  static final int FLAG_DELETE = 1;
  static final int FLAG_EXPIRY = 2;
  static final int FLAG_SAME_KEY = 4;
  static final int FLAG_SUFFIX = 8;
  static final int FLAG_OLDER_FOLLOWS = 16;
  static final int FLAGS_KNOWN = 31;

  /** No record's bytes before its key take more: flags, two ints, two longs, a distance. */
  static final int RECORD_HEADER_BYTES_MAX = 1 + 5 + 5 + 10 + 10 + 5;

  /** A shared prefix shorter than this costs more than it saves. */
  static final int PREFIX_BYTES_MIN = 4;

  static final int BUCKET_BYTES = 64;
  static final int BUCKET_SLOTS = 12;
  static final int BUCKET_COUNT_OFFSET = 12;
  static final int BUCKET_OVERFLOW_OFFSET = 13;
  static final int BUCKET_OFFSETS_OFFSET = 16;

  static final int INDEX_ENTRY_BYTES = 12;

  static final int FOOTER_BYTES = 64;

  private TableLayout() {}

  /** Returns the bucket a hash belongs to. */
  static int bucket(long hash, int bucketCount) {
    return (int) ((hash >>> 32) * bucketCount >>> 32);
  }

  /** Returns how many pages hold the given number of bytes. */
  static int pageCount(long bytes) {
    return (int) ((bytes + PAGE_BYTES - 1) >>> PAGE_BITS);
  }

  /** Returns 8 bytes of a key from an offset on as a number that compares like them when unsigned. */
  static long discriminator(byte[] key, int offset, int length) {
    long bytes = 0;
    int used = Math.min(length - offset, Long.BYTES);
    for (int i = 0; i < used; i++) {
      bytes |= (key[offset + i] & 0xFFL) << (56 - (i << 3));
    }
    return bytes;
  }
}
