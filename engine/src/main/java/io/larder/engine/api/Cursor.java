package io.larder.engine.api;

/**
 * Walks the live entries of one keyspace in key order, as of one point in the commit order. Not
 * thread-safe; whoever opened it closes it, and it must be closed, since it pins storage.
 *
 * <pre>{@code
 * try (Cursor cursor = keyspace.cursor(KeyRange.prefix(prefix))) {
 *   while (cursor.next()) {
 *     use(cursor.key(), cursor.value());
 *   }
 * }
 * }</pre>
 *
 * <p>Expired entries are skipped. {@link #key}, {@link #value} and the rest need a preceding {@link
 * #next} that returned true; every array returned is the caller's own. {@link #keyView} and {@link #valueView} copy
 * nothing, which is what long walks and large values want.
 */
public interface Cursor extends AutoCloseable {

  /** Moves to the next entry and returns whether there is one. */
  boolean next();

  /**
   * Positions so that the following {@link #next} reaches the first entry at or after the key (at or before
   * it in a descending cursor), never leaving the cursor's range.
   */
  void seek(byte[] key);

  /** Returns the current key. */
  byte[] key();

  /** Returns the current value. */
  byte[] value();

  /**
   * Shows the current key without a copy, until the cursor moves. Cheap enough to be asked for each entry.
   *
   * @throws IllegalStateException if the cursor stands on no entry
   */
  ByteView keyView();

  /**
   * Shows the current value without a copy, until the cursor moves. Cheap enough to be asked for each entry.
   *
   * @throws IllegalStateException if the cursor stands on no entry
   */
  ByteView valueView();

  /** Returns the current entry's absolute expiry in milliseconds since the epoch, 0 = never. */
  long expiresAtMillis();

  /** Returns the sequence number of the commit that wrote the current entry. */
  long sequence();

  /** Releases what the cursor pins; does nothing the second time. */
  @Override
  void close();
}
