package io.larder.tables;

import io.larder.engine.api.ByteView;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.tables.internal.bytes.ByteInput;
import io.larder.tables.internal.bytes.ByteOutput;
import io.larder.tables.internal.key.KeyDecoder;
import io.larder.tables.internal.key.KeyEncoder;
import io.larder.tables.internal.key.OpaqueKeys;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The SQL view of one table: no class of an application is needed or made. */
final class TableRowCodec implements RowCodec {
  private static final byte[] LOWEST = {};

  private final Column[] columns;
  private final int keyCount;
  private final ColumnValues values;
  private final KeyEncoder keyEncoder;
  private final KeyDecoder keyDecoder;
  private final RowValues rows;
  private final String keyPlace;
  private volatile @Nullable Projection lastProjection;

  TableRowCodec(TableDefinition definition, TypeDictionary dictionary, KnownClasses known) {
    this.columns = definition.columns().toArray(Column[]::new);
    this.keyCount = definition.keyColumns().size();
    this.values = new ColumnValues(definition.name());
    OpaqueKeys opaque = opaqueKeys(values, definition.keyColumns().get(0));
    this.keyEncoder = new KeyEncoder(opaque);
    this.keyDecoder = new KeyDecoder(opaque);
    this.rows = new RowValues(definition, dictionary, known, values);
    this.keyPlace = "key of table '" + definition.name() + "'";
  }

  private static OpaqueKeys opaqueKeys(ColumnValues values, Column column) {
    return new OpaqueKeys() {
      @Override
      public byte[] write(Object value) {
        if (value instanceof OpaqueValue opaque) {
          return opaque.stream();
        }
        throw values.misfit(column, value, null);
      }

      @Override
      public Object read(byte[] stream) {
        Object opaque = ClassSource.NONE.object(stream);
        return opaque == null ? "" : opaque;
      }
    };
  }

  @Override
  public int columnCount() {
    return columns.length;
  }

  @Override
  public byte[] encodeKey(@Nullable Object[] row) {
    if (keyCount == 1) {
      return keyEncoder.encode(values.fromSql(columns[0], row[0]));
    }
    ByteOutput output = ByteOutput.borrow();
    putComponents(output, row, keyCount);
    return output.finish();
  }

  private void putComponents(ByteOutput output, @Nullable Object[] leading, int count) {
    for (int i = 0; i < count; i++) {
      keyEncoder.put(output, values.fromSql(columns[i], leading[i]), i == keyCount - 1);
    }
  }

  @Override
  public KeyRange keyRange(
      @Nullable Object @Nullable [] lower,
      boolean lowerInclusive,
      @Nullable Object @Nullable [] upper,
      boolean upperInclusive) {
    byte @Nullable [] from =
        lower == null ? null : lowerInclusive ? bound(lower) : above(lower, bound(lower));
    byte @Nullable [] to =
        upper == null ? null : upperInclusive ? above(upper, bound(upper)) : bound(upper);
    return new KeyRange(from, to);
  }

  @Override
  public KeyRange keyPrefix(@Nullable Object[] leadingKeyValues) {
    if (leadingKeyValues.length == 0) {
      return KeyRange.all();
    }
    byte[] start = bound(leadingKeyValues);
    return new KeyRange(start, above(leadingKeyValues, start));
  }

  @Override
  public KeyRange stringPrefix(@Nullable Object[] leadingKeyValues, String prefix) {
    int column = leadingKeyValues.length;
    ByteOutput output = ByteOutput.borrow();
    putComponents(output, leadingKeyValues, column);
    KeyEncoder.putTextStart(output, prefix, column == keyCount - 1);
    return KeyRange.prefix(output.finish());
  }

  /** Returns the common start of all keys with these leading values, whatever the scale of a last decimal. */
  private byte[] bound(@Nullable Object[] leading) {
    int last = leading.length - 1;
    if (last < 0) {
      return LOWEST;
    }
    ByteOutput output = ByteOutput.borrow();
    putComponents(output, leading, last);
    Object value = values.fromSql(columns[last], leading[last]);
    if (value instanceof BigDecimal number) {
      KeyEncoder.putNumber(output, number);
    } else {
      keyEncoder.put(output, value, last == keyCount - 1);
    }
    return output.finish();
  }

  /** Returns the first key above all keys with these leading values; null = there is none. */
  private byte @Nullable [] above(@Nullable Object[] leading, byte[] bound) {
    int last = leading.length - 1;
    boolean wholeKey = last == keyCount - 1 && columns[last].type() != DataType.DECIMAL;
    if (wholeKey && !(leading[last] instanceof BigDecimal)) {
      // A last text has no end mark: longer texts start with the same bytes and must not be passed.
      return java.util.Arrays.copyOf(bound, bound.length + 1);
    }
    return KeyRange.successorOfPrefix(bound);
  }

  @Override
  public byte[] encodeValue(@Nullable Object[] row) {
    return rows.encode(row, keyCount);
  }

  /** Returns the value of a row that names its fields; what it does not name is null. */
  byte[] encodeNamed(Row row) {
    return rows.encodeNamed(row);
  }

  @Override
  public long expiresAtMillis(@Nullable Object[] row) {
    int last = columns.length - 1;
    Object value = values.fromSql(columns[last], row[last]);
    if (!(value instanceof Instant expiry)) {
      return 0;
    }
    try {
      // 0 means never: a time at or before it has passed anyway.
      return Math.max(1, expiry.toEpochMilli());
    } catch (ArithmeticException e) {
      throw values.misfit(columns[last], value, e);
    }
  }

  private static @Nullable Instant expiry(long expiresAtMillis) {
    return expiresAtMillis == 0 ? null : Instant.ofEpochMilli(expiresAtMillis);
  }

  @Override
  public @Nullable Object[] decode(byte[] key, byte[] value, long expiresAtMillis) {
    @Nullable Object[] row = new @Nullable Object[columns.length];
    ByteInput input = new ByteInput(key, keyPlace);
    for (int i = 0; i < keyCount; i++) {
      row[i] = values.stored(columns[i], keyDecoder.get(input, i == keyCount - 1));
    }
    input.expectEnd();
    rows.decode(value, row, keyCount);
    row[columns.length - 1] = expiry(expiresAtMillis);
    return row;
  }

  @Override
  public void decode(
      byte[] key, byte[] value, long expiresAtMillis, int[] wanted, @Nullable Object[] target) {
    reader(projection(wanted)).read(key, value, expiresAtMillis, target);
  }

  @Override
  public RowReader reader(int[] wanted) {
    return reader(Projection.of(wanted, keyCount, columns.length));
  }

  private RowReader reader(Projection projection) {
    return new ProjectionReader(this, rows, projection, keyPlace);
  }

  /** Reads the columns of a projection; the inputs are pointed anew at each entry. */
  private static final class ProjectionReader implements RowReader {
    private final TableRowCodec codec;
    private final RowValues rows;
    private final Projection projection;
    private final String keyPlace;
    private final int expiryTarget;
    private @Nullable ByteInput keyInput;
    private @Nullable ByteInput valueInput;

    /** What is read of the entries of a cursor, one after the other; columns are copied out of it. */
    private byte[] copied = LOWEST;

    ProjectionReader(TableRowCodec codec, RowValues rows, Projection projection, String keyPlace) {
      this.codec = codec;
      this.rows = rows;
      this.projection = projection;
      this.keyPlace = keyPlace;
      this.expiryTarget = projection.target(codec.columns.length - 1);
    }

    @Override
    public boolean readsKey() {
      return projection.keyColumns() > 0;
    }

    @Override
    public boolean readsValue() {
      return projection.valueColumns() > 0;
    }

    @Override
    public void read(byte[] key, byte[] value, long expiresAtMillis, @Nullable Object[] target) {
      if (projection.keyColumns() > 0) {
        readKey(key, key.length, target);
      }
      if (projection.valueColumns() > 0) {
        readValue(value, value.length, target);
      }
      finish(expiresAtMillis, target);
    }

    @Override
    public void read(Cursor entry, @Nullable Object[] target) {
      if (projection.keyColumns() > 0) {
        int length = copy(entry.keyView());
        readKey(copied, length, target);
      }
      if (projection.valueColumns() > 0) {
        int length = copy(entry.valueView());
        readValue(copied, length, target);
      }
      finish(expiryTarget >= 0 ? entry.expiresAtMillis() : 0, target);
    }

    private int copy(ByteView view) {
      int length = view.length();
      if (length > copied.length) {
        copied = new byte[Math.max(256, length + (length >> 2))];
      }
      view.copyTo(0, copied, 0, length);
      return length;
    }

    private void readKey(byte[] key, int length, @Nullable Object[] target) {
      keyInput = pointed(keyInput, key, length, keyPlace);
      codec.decodeKey(keyInput, projection, target);
    }

    private void readValue(byte[] value, int length, @Nullable Object[] target) {
      valueInput = pointed(valueInput, value, length, rows.place());
      rows.decode(valueInput, projection, codec.keyCount, target);
    }

    private void finish(long expiresAtMillis, @Nullable Object[] target) {
      if (expiryTarget >= 0) {
        target[expiryTarget] = expiry(expiresAtMillis);
      }
      projection.repeat(target);
    }

    private static ByteInput pointed(
        @Nullable ByteInput input, byte[] bytes, int length, String place) {
      ByteInput pointed = input == null ? new ByteInput(bytes, place) : input;
      pointed.reset(bytes, length);
      return pointed;
    }
  }

  private void decodeKey(ByteInput input, Projection projection, @Nullable Object[] target) {
    int missing = projection.keyColumns();
    for (int i = 0; missing > 0; i++) {
      int position = projection.target(i);
      if (position >= 0) {
        target[position] = values.stored(columns[i], keyDecoder.get(input, i == keyCount - 1));
        missing--;
      } else {
        KeyDecoder.skip(input);
      }
    }
  }

  private Projection projection(int[] wanted) {
    Projection last = lastProjection;
    if (last != null && last.isOf(wanted)) {
      return last;
    }
    Projection made = Projection.of(wanted, keyCount, columns.length);
    lastProjection = made;
    return made;
  }
}
