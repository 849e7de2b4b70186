package io.larder.jdbc.internal.access;

import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.tables.Column;
import io.larder.tables.RowCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a statement reaches rows of a table through the order of its keys: values for the leading key
 * columns, then at most one list, range or prefix for the next. Immutable.
 */
public final class KeyAccess {

  /**
   * A bound of a range.
   *
   * @param operand the value
   * @param inclusive whether the value itself is in the range
   */
  public record Bound(Operand operand, boolean inclusive) {}

  private final TableView view;
  private final List<Operand> equal;
  private final List<Operand> list;
  private final @Nullable Bound lower;
  private final @Nullable Bound upper;
  private final @Nullable Operand like;
  private final boolean point;

  KeyAccess(
      TableView view,
      List<Operand> equal,
      List<Operand> list,
      @Nullable Bound lower,
      @Nullable Bound upper,
      @Nullable Operand like) {
    this.view = view;
    this.equal = equal;
    this.list = list;
    this.lower = lower;
    this.upper = upper;
    this.like = like;
    this.point = equal.size() == view.keyCount() && !view.hasDecimalKey();
  }

  /** Returns the access to every row. */
  public static KeyAccess everything(TableView view) {
    return new KeyAccess(view, List.of(), List.of(), null, null, null);
  }

  /** Returns whether it reaches one row at most, by its key; equal decimals may be different keys. */
  public boolean isPoint() {
    return point;
  }

  /** Returns whether it reaches every row. */
  public boolean isEverything() {
    return equal.isEmpty() && list.isEmpty() && lower == null && upper == null && like == null;
  }

  /** Returns how many leading key columns have one value only. */
  public int equalCount() {
    return equal.size();
  }

  /** Returns the key of a point, or null if a value is null, so that no row can match. */
  public byte @Nullable [] pointKey(@Nullable Object[] parameters) {
    Object[] row = new Object[equal.size()];
    for (int i = 0; i < row.length; i++) {
      Object value = equal.get(i).value(parameters);
      if (value == null) {
        return null;
      }
      row[i] = value;
    }
    return view.table().rows().encodeKey(row);
  }

  /** Opens the entries; the caller closes them. */
  EntrySource open(Reader reader, @Nullable Object[] parameters, boolean descending) {
    Keyspace keyspace = view.table().keyspace();
    if (isPoint()) {
      byte[] key = pointKey(parameters);
      return key == null ? EntrySource.empty() : EntrySource.points(reader, keyspace, List.of(key));
    }
    if (!list.isEmpty()) {
      return EntrySource.points(reader, keyspace, listedKeys(parameters, descending));
    }
    KeyRange range = range(parameters);
    if (range == null) {
      return EntrySource.empty();
    }
    return EntrySource.of(
        descending ? reader.cursorDescending(keyspace, range) : reader.cursor(keyspace, range));
  }

  private List<byte[]> listedKeys(@Nullable Object[] parameters, boolean descending) {
    Object[] row = new Object[view.keyCount()];
    if (!fillEqual(row, parameters)) {
      return List.of();
    }
    TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    for (Operand operand : list) {
      Object value = operand.value(parameters);
      if (value != null) {
        row[equal.size()] = value;
        keys.add(view.table().rows().encodeKey(row));
      }
    }
    return new ArrayList<>(descending ? keys.descendingSet() : keys);
  }

  private boolean fillEqual(@Nullable Object[] target, @Nullable Object[] parameters) {
    for (int i = 0; i < equal.size(); i++) {
      target[i] = equal.get(i).value(parameters);
      if (target[i] == null) {
        return false;
      }
    }
    return true;
  }

  /** Returns the range of keys, or null if a value is null, so that no row can match. */
  private @Nullable KeyRange range(@Nullable Object[] parameters) {
    RowCodec rows = view.table().rows();
    if (isEverything()) {
      return KeyRange.all();
    }
    Object[] leading = new Object[equal.size()];
    if (!fillEqual(leading, parameters)) {
      return null;
    }
    if (like != null) {
      String pattern = (String) like.value(parameters);
      String prefix = pattern == null ? null : LikePattern.leadingText(pattern);
      if (prefix == null) {
        return null;
      }
      return prefix.isEmpty() ? prefixOf(rows, leading) : rows.stringPrefix(leading, prefix);
    }
    if (lower == null && upper == null) {
      return prefixOf(rows, leading);
    }
    Object[] from = extended(leading, lower, parameters);
    Object[] to = extended(leading, upper, parameters);
    if (from == null || to == null) {
      return null;
    }
    return rows.keyRange(
        from.length == 0 ? null : from,
        lower == null || lower.inclusive(),
        to.length == 0 ? null : to,
        upper == null || upper.inclusive());
  }

  private static KeyRange prefixOf(RowCodec rows, Object[] leading) {
    return leading.length == 0 ? KeyRange.all() : rows.keyPrefix(leading);
  }

  private static Object @Nullable [] extended(
      Object[] leading, @Nullable Bound bound, @Nullable Object[] parameters) {
    if (bound == null) {
      return leading;
    }
    Object value = bound.operand().value(parameters);
    if (value == null) {
      return null;
    }
    Object[] extended = Arrays.copyOf(leading, leading.length + 1);
    extended[leading.length] = value;
    return extended;
  }

  /** Returns the access path as EXPLAIN shows it. */
  public String describe() {
    if (isEverything()) {
      return "FULL SCAN";
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < equal.size(); i++) {
      parts.add(column(i).name() + " = " + equal.get(i));
    }
    if (isPoint()) {
      return "PRIMARY KEY POINT (" + String.join(", ", parts) + ")";
    }
    if (equal.size() == view.keyCount()) {
      return "PRIMARY KEY RANGE (" + String.join(", ", parts) + ")";
    }
    String next = column(equal.size()).name();
    if (!list.isEmpty()) {
      parts.add(next + " IN " + list);
      return "PRIMARY KEY POINTS (" + String.join(", ", parts) + ")";
    }
    if (lower != null) {
      parts.add(next + (lower.inclusive() ? " >= " : " > ") + lower.operand());
    }
    if (upper != null) {
      parts.add(next + (upper.inclusive() ? " <= " : " < ") + upper.operand());
    }
    if (like != null) {
      parts.add(next + " LIKE " + like);
    }
    return "PRIMARY KEY RANGE (" + String.join(", ", parts) + ")";
  }

  private Column column(int position) {
    return view.columns().get(position);
  }

  @Override
  public String toString() {
    return describe();
  }
}
