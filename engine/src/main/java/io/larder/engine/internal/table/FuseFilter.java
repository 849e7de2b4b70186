package io.larder.engine.internal.table;

/** Answers whether a table may have a key, by three bytes of the mapped filter. Thread-safe. */
final class FuseFilter {
  private final TablePages pages;
  private final int fingerprints;
  private final long seed;
  private final FuseShape shape;

  FuseFilter(TablePages pages, TableFooter footer) {
    int offset = footer.filterOffset();
    pages.require(offset, Math.min(FuseShape.HEADER_BYTES, footer.filterBytes()));
    this.pages = pages;
    this.shape = FuseShape.read(pages.file, offset, footer.filterBytes());
    this.seed = pages.file.getLong(offset);
    this.fingerprints = offset + FuseShape.HEADER_BYTES;
  }

  /** Returns false only if no key with this hash was written. */
  boolean mayContain(long hash) {
    long key = FuseShape.mix(hash, seed);
    int first = shape.firstPlace(key);
    int xor =
        FuseShape.fingerprint(key)
            ^ at(first)
            ^ at(shape.secondPlace(key, first))
            ^ at(shape.thirdPlace(key, first));
    return (xor & 0xFF) == 0;
  }

  /** Brings what {@link #mayContain} reads into the cache, and returns a number without meaning. */
  int touch(long hash) {
    long key = FuseShape.mix(hash, seed);
    int first = shape.firstPlace(key);
    return pages.file.get(fingerprints + first)
        + pages.file.get(fingerprints + shape.secondPlace(key, first))
        + pages.file.get(fingerprints + shape.thirdPlace(key, first));
  }

  private byte at(int place) {
    int position = fingerprints + place;
    pages.require(position, 1);
    return pages.file.get(position);
  }
}
