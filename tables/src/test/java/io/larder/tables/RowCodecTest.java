package io.larder.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowCodecTest {
  private static final long SEED = Long.getLong("larder.seed", 20260101L);

  enum Colour {
    RED,
    GREEN
  }

  record Tricky(String k, String K, int expires_at, Colour colour, char unit) {}

  private final MapDictionary dictionary = new MapDictionary();
  private final KnownClasses known = new KnownClasses();

  private RowCodec rows(TableDefinition definition) {
    return new TableRowCodec(definition, dictionary, known);
  }

  private static TableDefinition table(DataType... keyTypes) {
    List<Column> keys =
        java.util.stream.IntStream.range(0, keyTypes.length)
            .mapToObj(i -> Column.notNull("k" + i, keyTypes[i]))
            .toList();
    return TableDefinition.of("t", keys, ValueKind.SCALAR, List.of(Column.of("v", DataType.ANY)));
  }

  private static Object random(RandomValues values, DataType type) {
    return switch (type) {
      case BOOLEAN -> values.nextBoolean();
      case TINYINT -> values.nextByte();
      case SMALLINT -> (short) values.random().nextInt(20);
      case INTEGER -> values.random().nextInt(20) - 10;
      case BIGINT -> values.nextLong();
      case REAL -> values.nextFloat();
      case DOUBLE -> values.nextDouble();
      case DECIMAL ->
          BigDecimal.valueOf(values.random().nextInt(40) - 20, values.random().nextInt(3));
      case VARCHAR ->
          values.random().nextBoolean()
              ? values.nextString()
              : "a".repeat(values.random().nextInt(4));
      case VARBINARY -> values.nextBytes();
      case UUID -> values.nextUuid();
      case DATE -> values.nextDate();
      case TIME -> values.nextTime();
      case TIMESTAMP -> values.nextTimestamp();
      case INSTANT -> values.nextInstant();
      default -> List.of(values.nextInteger(), values.nextString());
    };
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object left, Object right) {
    if (left instanceof String text) {
      return Arrays.compare(text.codePoints().toArray(), ((String) right).codePoints().toArray());
    } else if (left instanceof byte[] bytes) {
      return Arrays.compareUnsigned(bytes, (byte[]) right);
    }
    return ((Comparable<Object>) left).compareTo(right);
  }

  private static int comparePrefix(Object[] key, Object[] bound) {
    for (int i = 0; i < bound.length; i++) {
      int order = compare(key[i], bound[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static boolean contains(KeyRange range, byte[] key) {
    return (range.from() == null || Arrays.compareUnsigned(key, range.from()) >= 0)
        && (range.to() == null || Arrays.compareUnsigned(key, range.to()) < 0);
  }

  /** Ranges over random two-column keys select exactly what comparing the values selects. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LIST", "MAP", "ANY"})
  void keyRange_randomBounds_selectsWhatComparingSelects(DataType type) {
    RandomValues values = new RandomValues(SEED + type.code());
    Random random = values.random();
    RowCodec rows = rows(table(DataType.INTEGER, type));
    RowCodec turned = rows(table(type, DataType.INTEGER));
    for (int i = 0; i < 1_500; i++) {
      Object[] key = {random.nextInt(3), random(values, type), null, null};
      Object[] lower =
          Arrays.copyOf(
              new Object[] {random.nextInt(3), random(values, type)}, 1 + random.nextInt(2));
      Object[] upper =
          Arrays.copyOf(
              new Object[] {random.nextInt(3), random(values, type)}, 1 + random.nextInt(2));
      boolean lowerInclusive = random.nextBoolean();
      boolean upperInclusive = random.nextBoolean();
      if (random.nextInt(4) == 0 && lower.length == 2) {
        lower[1] = key[1];
      }
      check(rows, key, lower, lowerInclusive, upper, upperInclusive);
      check(turned, turn(key), turn(lower), lowerInclusive, turn(upper), upperInclusive);
    }
  }

  private static Object[] turn(Object[] key) {
    Object[] turned = key.clone();
    if (key.length > 1) {
      turned[0] = key[1];
      turned[1] = key[0];
    }
    return key.length == 1 ? new Object[0] : turned;
  }

  private static void check(
      RowCodec rows,
      Object[] key,
      Object[] lower,
      boolean lowerInclusive,
      Object[] upper,
      boolean upperInclusive) {
    Object[] from = lower.length == 0 ? null : lower;
    Object[] to = upper.length == 0 ? null : upper;
    KeyRange range = rows.keyRange(from, lowerInclusive, to, upperInclusive);
    int toLower = from == null ? 1 : comparePrefix(key, from);
    int toUpper = to == null ? -1 : comparePrefix(key, to);
    boolean expected =
        (lowerInclusive ? toLower >= 0 : toLower > 0)
            && (upperInclusive ? toUpper <= 0 : toUpper < 0);
    assertThat(contains(range, rows.encodeKey(key)))
        .as(
            "%s in %s%s, %s%s, seed %s",
            Arrays.toString(key),
            lowerInclusive ? "[" : "(",
            Arrays.toString(from),
            Arrays.toString(to),
            upperInclusive ? "]" : ")",
            SEED)
        .isEqualTo(expected);
    if (from != null) {
      assertThat(contains(rows.keyPrefix(from), rows.encodeKey(key))).isEqualTo(toLower == 0);
    }
  }

  @Test
  void stringPrefix_lastAndOtherColumns_selectsThoseThatStartWithIt() {
    RandomValues values = new RandomValues(SEED);
    RowCodec last = rows(table(DataType.INTEGER, DataType.VARCHAR));
    RowCodec first = rows(table(DataType.VARCHAR, DataType.INTEGER));
    for (int i = 0; i < 5_000; i++) {
      String text = values.nextString();
      String prefix =
          values.random().nextBoolean()
              ? text.substring(0, text.length() / 2)
              : values.nextString();
      boolean expected = startsWithCodePoints(text, prefix);
      assertThat(
              contains(
                  last.stringPrefix(new Object[] {1}, prefix),
                  last.encodeKey(new Object[] {1, text, 0, null})))
          .as("'%s' starts with '%s', seed %s", text, prefix, SEED)
          .isEqualTo(expected);
      assertThat(
              contains(
                  first.stringPrefix(new Object[0], prefix),
                  first.encodeKey(new Object[] {text, 1, 0, null})))
          .isEqualTo(expected);
    }
  }

  /** Half a surrogate pair is no prefix of the pair: they are different characters. */
  private static boolean startsWithCodePoints(String text, String prefix) {
    int[] all = text.codePoints().toArray();
    int[] start = prefix.codePoints().toArray();
    return all.length >= start.length
        && Arrays.equals(all, 0, start.length, start, 0, start.length);
  }

  @Test
  void keyRange_decimalBounds_countByNumberNotScale() {
    RowCodec rows = rows(table(DataType.DECIMAL));
    byte[] key = rows.encodeKey(new Object[] {new BigDecimal("1.50"), null, null});
    Object[] bound = {new BigDecimal("1.5")};
    assertThat(contains(rows.keyRange(bound, true, bound, true), key)).isTrue();
    assertThat(contains(rows.keyRange(bound, false, null, false), key)).isFalse();
    assertThat(contains(rows.keyRange(null, false, bound, false), key)).isFalse();
    assertThat(contains(rows.keyPrefix(new Object[] {"1.5000"}), key)).isTrue();
  }

  @Test
  void decode_everyProjection_matchesTheWholeRow() {
    TableDefinition definition =
        TableDefinition.of(
            "t",
            List.of(Column.notNull("a", DataType.VARCHAR), Column.notNull("b", DataType.BIGINT)),
            ValueKind.ROW,
            List.of(
                Column.of("c", DataType.INTEGER),
                Column.of("d", DataType.LIST),
                Column.of("e", DataType.DECIMAL),
                Column.of("f", DataType.VARBINARY)));
    RowCodec rows = rows(definition);
    Object[] row = {
      "x\0y",
      5L,
      -3,
      List.of("n", Map.of(1, 2)),
      new BigDecimal("1.10"),
      new byte[] {1, 0},
      Instant.ofEpochMilli(7)
    };
    byte[] key = rows.encodeKey(row);
    byte[] value = rows.encodeValue(row);
    assertThat(rows.columnCount()).isEqualTo(7);
    assertThat(rows.decode(key, value, rows.expiresAtMillis(row))).isEqualTo(row);
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      int[] columns = random.ints(random.nextInt(6), 0, 7).toArray();
      Object[] target = new Object[columns.length];
      Arrays.fill(target, "stale");
      rows.decode(key, value, 7, columns, target);
      Object[] expected = Arrays.stream(columns).mapToObj(column -> row[column]).toArray();
      assertThat(target).as("columns %s", Arrays.toString(columns)).isEqualTo(expected);
    }
    Object[] keyOnly = new Object[2];
    RowReader keyReader = rows.reader(new int[] {6, 1});
    keyReader.read(key, new byte[0], 0, keyOnly);
    assertThat(keyOnly).containsExactly(null, 5L);
    assertThat(keyReader.readsKey()).isTrue();
    assertThat(keyReader.readsValue()).isFalse();
  }

  @Test
  void reader_entryAfterEntry_readsEachAnew() {
    TableDefinition definition = table(DataType.BIGINT, DataType.VARCHAR);
    RowCodec rows = rows(definition);
    RowReader reader = rows.reader(new int[] {2, 1});
    Object[] target = new Object[3];
    for (int i = 0; i < 100; i++) {
      Object[] row = {(long) i, "n".repeat(i), i % 3 == 0 ? null : i, null};
      reader.read(rows.encodeKey(row), rows.encodeValue(row), 0, target);
      assertThat(target).containsExactly(row[2], row[1], null);
    }
  }

  @Test
  void reader_ofACursor_readsEachEntryAnew() {
    TableDefinition definition = table(DataType.BIGINT, DataType.VARCHAR);
    RowCodec rows = rows(definition);
    RowReader reader = rows.reader(new int[] {2, 1, 0, 3});
    RowReader keyReader = rows.reader(new int[] {0});
    RowReader valueReader = rows.reader(new int[] {2});
    try (Database database =
        Databases.open(new DatabaseLocation.InMemory("rows"), DatabaseOptions.defaults())) {
      Keyspace keyspace = database.createKeyspace("rows");
      List<Object[]> expected = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        // long after short and short after long, so that nothing of the entry before is read
        String text = "n".repeat(i % 7 == 0 ? 9 * i : 100 - i);
        String value = i % 3 == 0 ? null : "v".repeat(i % 7 == 0 ? 1_000 * i : 100 - i);
        Instant expiry = i % 5 == 0 ? Instant.parse("2999-01-01T00:00:00Z") : null;
        Object[] row = {(long) i, text, value, expiry};
        keyspace.put(rows.encodeKey(row), rows.encodeValue(row), rows.expiresAtMillis(row));
        expected.add(row);
      }
      Object[] target = new Object[5];
      try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
        for (Object[] row : expected) {
          assertThat(cursor.next()).isTrue();
          reader.read(cursor, target);
          assertThat(target).containsExactly(row[2], row[1], row[0], row[3], null);
          keyReader.read(cursor, target);
          assertThat(target[0]).isEqualTo(row[0]);
          valueReader.read(cursor, target);
          assertThat(target[0]).isEqualTo(row[2]);
        }
        assertThat(cursor.next()).isFalse();
      }
    }
  }

  @Test
  void encodeValue_wrongType_namesTableColumnValueAndType() {
    RowCodec rows =
        rows(
            TableDefinition.of(
                "people",
                List.of(Column.notNull("id", DataType.BIGINT)),
                ValueKind.ROW,
                List.of(Column.of("age", DataType.SMALLINT))));
    assertThatThrownBy(() -> rows.encodeValue(new Object[] {1L, "old", null}))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessage(
            "table 'people', column 'age': the value 'old' (java.lang.String) does not fit, expected SMALLINT"
                + " (java.lang.Short)");
    assertThatThrownBy(() -> rows.encodeKey(new Object[] {new BigDecimal("1.5"), 1, null}))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("column 'id'")
        .hasMessageContaining("'1.5'");
    assertThatThrownBy(() -> rows.expiresAtMillis(new Object[] {1, 1, "soon"}))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("expires_at");
  }

  @Test
  void encodeKey_convertibleValues_areTheColumnsType() {
    RowCodec rows = rows(table(DataType.BIGINT, DataType.DATE));
    assertThat(rows.encodeKey(new Object[] {5, "2024-02-29"}))
        .isEqualTo(rows.encodeKey(new Object[] {"5", LocalDate.of(2024, 2, 29)}))
        .isEqualTo(
            rows.encodeKey(
                new Object[] {BigInteger.valueOf(5), java.sql.Date.valueOf("2024-02-29")}));
  }

  @Test
  void ofTypes_namesThatCollide_getAnUnderscoreAndKeepTheirField() {
    TableDefinition definition = TableDefinition.ofTypes("t", String.class, Tricky.class);
    assertThat(definition.columns())
        .extracting(Column::name)
        .containsExactly("k", "k_", "K__", "expires_at_", "colour", "unit", "expires_at");
    TypeDictionary types = dictionary;
    ValueWriter writer = new ValueWriter(types, "value", known::written);
    RowCodec rows = rows(definition);
    byte[] value = writer.encode(new Tricky("a", "b", 3, Colour.GREEN, 'u'));
    byte[] key = rows.encodeKey(new Object[] {"key"});
    Object[] row = {"key", "a", "b", 3, "GREEN", "u", null};
    assertThat(rows.decode(key, value, 0)).containsExactly(row);
    ValueReader reader =
        new ValueReader(
            types,
            new LoaderClasses(getClass().getClassLoader(), known, "value", Tricky.class),
            "value");
    assertThat(reader.decode(rows.encodeValue(row), reader.plans(Tricky.class)))
        .isEqualTo(new Tricky("a", "b", 3, Colour.GREEN, 'u'));
  }

  @Test
  void expiresAtMillis_neverPastAndFuture_areAbsolute() {
    RowCodec rows = rows(table(DataType.INTEGER));
    assertThat(rows.expiresAtMillis(new Object[] {1, 2, null})).isZero();
    assertThat(rows.expiresAtMillis(new Object[] {1, 2, Instant.EPOCH}))
        .as("0 would be never")
        .isEqualTo(1);
    assertThat(rows.expiresAtMillis(new Object[] {1, 2, Instant.ofEpochMilli(99)})).isEqualTo(99);
  }

  @Test
  void encodeKey_textColumn_sortsByCodePoint() {
    RowCodec rows = rows(table(DataType.VARCHAR));
    TreeMap<byte[], String> sorted = new TreeMap<>(Arrays::compareUnsigned);
    List<String> texts =
        List.of(
            "", "\0", "a", "a\0", "ab", "é", "\uE000", "\uFFFF", "\uD83D\uDE00", "\uDBFF\uDFFF");
    texts.forEach(text -> sorted.put(rows.encodeKey(new Object[] {text, 0, null}), text));
    assertThat(sorted.values()).containsExactlyElementsOf(texts);
    Comparator<String> utf16 = Comparator.naturalOrder();
    assertThat(utf16.compare("\uFFFF", "\uD83D\uDE00"))
        .as("Java's own order differs here")
        .isPositive();
    Predicate<String> unpaired =
        text -> sorted.containsKey(rows.encodeKey(new Object[] {text, 0, null}));
    assertThat(unpaired.test("\uD83D")).isFalse();
  }
}
