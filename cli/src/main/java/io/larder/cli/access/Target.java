package io.larder.cli.access;

import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.tables.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table, or a keyspace whose bytes have no types: how keys and values typed by a user become
 * bytes, and bytes what a user reads. Immutable.
 */
public sealed interface Target permits TypedTarget, RawTarget {

  /** Returns the name. */
  String name();

  /** Returns the keyspace under it. */
  Keyspace keyspace();

  /** Returns the columns of the key. */
  List<Column> keyColumns();

  /** Returns the columns of the value. */
  List<Column> valueColumns();

  /**
   * Returns whether the value is a row of named columns, so that a value is given as COLUMN=VALUE.
   */
  boolean isRow();

  /**
   * Returns the bytes of a key.
   *
   * @throws BadInputException if there are more or fewer texts than key columns, or one does not
   *     fit its column
   */
  byte[] key(List<String> texts);

  /**
   * Returns the bytes of a value.
   *
   * @param key the texts of the key
   * @param values the texts by column; a column that is left out is null
   * @throws BadInputException if a text does not fit its column
   */
  byte[] value(List<String> key, Map<String, String> values);

  /**
   * Returns the keys between two bounds on leading key columns, both inclusive; an empty bound is
   * open.
   */
  KeyRange between(List<String> from, List<String> to);

  /**
   * Returns the keys with these leading values, the last of which is the beginning of a text where
   * it can be.
   */
  KeyRange prefix(List<String> texts);

  /**
   * Returns the values of an entry in the order of key columns, value columns, then {@code
   * expires_at} or null.
   */
  @Nullable Object[] row(byte[] key, byte[] value, long expiresAtMillis);

  /** Returns a row as what JSON shows, null columns left out if they are {@code expires_at}. */
  Map<String, @Nullable Object> json(@Nullable Object[] row);

  /** Returns a key as text in one line; its bytes, if they are not one. */
  String keyText(byte[] key);

  /** Returns one value of a row as text in one line. */
  String text(int column, @Nullable Object value);
}
