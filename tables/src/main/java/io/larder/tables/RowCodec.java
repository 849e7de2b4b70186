package io.larder.tables;

import io.larder.engine.api.KeyRange;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a table as rows: the SQL view. Thread-safe. Obtained from {@link Table#rows}.
 *
 * <p>A row is an array in the order of {@link TableDefinition#columns}: key columns, value columns, {@code
 * expires_at} ({@link java.time.Instant} or null = never). Values read are of the canonical Java type of their
 * column ({@link DataType#javaType}); values written may be anything that {@link DataType#convert} takes. A value
 * that does not fit its column throws {@link TypeMismatchException}.
 *
 * <p>Where a range or prefix takes leading key values, the array may be shorter than the key. Decimals are
 * compared by number there, whatever their scale. A null sorts before everything.
 */
public interface RowCodec {

  /** Returns the number of elements of a row: key columns, value columns and {@code expires_at}. */
  int columnCount();

  /** Returns the key of a row; only the leading key columns of the array are read. */
  byte[] encodeKey(@Nullable Object[] row);

  /**
   * Returns the range between two bounds on leading key columns; a null bound is open. Both bounds may have
   * different lengths: {@code (7, 100)} to {@code (7)}, both inclusive, is everything under 7 from 100 on.
   */
  KeyRange keyRange(
      @Nullable Object @Nullable [] lower,
      boolean lowerInclusive,
      @Nullable Object @Nullable [] upper,
      boolean upperInclusive);

  /** Returns the range of keys whose leading columns have these values; none = every key. */
  KeyRange keyPrefix(@Nullable Object[] leadingKeyValues);

  /**
   * Returns the range of keys whose leading columns have these values and whose next column, a VARCHAR, starts
   * with the prefix.
   */
  KeyRange stringPrefix(@Nullable Object[] leadingKeyValues, String prefix);

  /** Returns the value of a row; the key columns and {@code expires_at} of the array are not read. */
  byte[] encodeValue(@Nullable Object[] row);

  /** Returns the expiry of a row in milliseconds since the epoch, 0 = never. */
  long expiresAtMillis(@Nullable Object[] row);

  /** Returns the row of an entry. */
  @Nullable Object[] decode(byte[] key, byte[] value, long expiresAtMillis);

  /**
   * Fills {@code target[i]} with column {@code columns[i]} of an entry, without decoding what is not asked for.
   * A value array of length 0 is legal when no value column is asked for.
   */
  void decode(
      byte[] key, byte[] value, long expiresAtMillis, int[] columns, @Nullable Object[] target);

  /** Returns what reads these columns of many entries; cheaper for each of them than {@link #decode}. */
  RowReader reader(int[] columns);
}
