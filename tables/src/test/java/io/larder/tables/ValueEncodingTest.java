package io.larder.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.LarderException;
import io.larder.tables.internal.bytes.ByteInput;
import java.io.Serializable;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ValueEncodingTest {
  private static final long SEED = Long.getLong("larder.seed", 20260101L);

  enum Colour {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "grass";
      }
    }
  }

  record Point(int x, int y) {}

  @SuppressWarnings("ArrayRecordComponent") // arrays in records happen
  record Everything(
      boolean truth,
      byte tiny,
      short small,
      int whole,
      long wide,
      float real,
      double precise,
      char unit,
      String text,
      Colour colour,
      Point point,
      List<Point> points,
      Map<String, Object> map,
      byte[] bytes,
      Date date) {}

  static class Base implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int id;
    transient int cached = 5;

    Base(int id) {
      this.id = id;
    }
  }

  static final class Bean extends Base {
    private static final long serialVersionUID = 1L;
    private String name;
    private final List<String> tags = new ArrayList<>();

    Bean(int id, String name) {
      super(id);
      this.name = name;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bean bean
          && bean.name.equals(name)
          && bean.tags.equals(tags)
          && ((Base) bean).id == ((Base) this).id;
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, tags);
    }
  }

  static final class Node implements Serializable {
    private static final long serialVersionUID = 1L;
    Node next;
  }

  private final MapDictionary dictionary = new MapDictionary();
  private final KnownClasses known = new KnownClasses();
  private final ValueWriter writer = new ValueWriter(dictionary, "value", known::written);
  private final ValueReader reader = reader(Object.class);
  private final ValueReader rowReader = new ValueReader(dictionary, ClassSource.NONE, "value");

  private ValueReader reader(Class<?>... configured) {
    ClassSource classes =
        new LoaderClasses(getClass().getClassLoader(), known, "value", configured);
    return new ValueReader(dictionary, classes, "value");
  }

  private Object roundTrip(Object value) {
    return reader.decode(writer.encode(value), reader.plans(Object.class));
  }

  @SuppressWarnings("JdkObsolete") // programs do store linked lists
  private static Object[] collections() {
    Object[] all = {
      List.of(),
      List.of("a", 1, Set.of(2L)),
      new ArrayList<>(Arrays.asList(1, null, "x")),
      new LinkedList<>(List.of(1, 2)),
      Arrays.asList(1, null),
      Collections.singletonList(null),
      Set.of("a"),
      new HashSet<>(Arrays.asList(1, null)),
      new LinkedHashSet<>(List.of(3, 2, 1)),
      new TreeSet<>(List.of("b", "a")),
      Map.of("k", List.of()),
      new HashMap<>(Map.of(1, Map.of())),
      new LinkedHashMap<>(Map.of("a", 1)),
      new TreeMap<>(Map.of(2, "b", 1, "a"))
    };
    return all;
  }

  @Test
  void encode_scalars_comeBackTheSame() {
    RandomValues values = new RandomValues(SEED);
    for (int i = 0; i < 30_000; i++) {
      Object value = i % 50 == 0 ? values.nextBytes() : values.nextScalar();
      assertThat(roundTrip(value)).as("seed %s", SEED).isEqualTo(value);
      ByteInput input = new ByteInput(writer.encode(value), "value");
      ValueSkipper.skip(input, dictionary);
      assertThat(input.remaining()).as("after %s", value).isZero();
    }
  }

  @Test
  void encode_timesAndSerializables_comeBackTheSame() {
    List<Object> values =
        List.of(
            new Date(-1),
            Duration.ofSeconds(-3, 5),
            OffsetDateTime.parse("2024-02-29T01:02:03.000000004+05:30"),
            OffsetDateTime.MIN,
            Locale.GERMANY,
            java.net.URI.create("https://example.org"),
            TimeUnit.DAYS,
            java.time.ZonedDateTime.parse("2024-02-29T01:02:03+01:00[Europe/Paris]"));
    assertThat(values).allSatisfy(value -> assertThat(roundTrip(value)).isEqualTo(value));
    assertThat(roundTrip(new int[] {1, 2})).isEqualTo(new int[] {1, 2});
    assertThat(roundTrip(new java.sql.Timestamp(5))).isEqualTo(new java.sql.Timestamp(5));
  }

  @Test
  void encode_collections_comeBackWithTheirClass() {
    for (Object value : collections()) {
      Object decoded = roundTrip(value);
      assertThat(decoded).isEqualTo(value);
      boolean unmodifiable = value.getClass().getName().matches(".*(Immutable|Singleton).*");
      if (!unmodifiable) {
        assertThat(decoded.getClass()).isEqualTo(value.getClass());
      }
      ByteInput input = new ByteInput(writer.encode(value), "value");
      ValueSkipper.skip(input, dictionary);
      assertThat(input.remaining()).isZero();
    }
    TreeSet<String> backwards = new TreeSet<>(Comparator.<String>naturalOrder().reversed());
    backwards.addAll(List.of("a", "b"));
    assertThat(roundTrip(backwards)).isEqualTo(backwards);
    byte[] bytes = writer.encode(backwards);
    ValueReader stranger = stranger();
    assertThatThrownBy(() -> stranger.decode(bytes, stranger.plans(Object.class)))
        .as("a comparator is code: not recreated where nobody wrote or allowed it")
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("Comparator");
  }

  /** A reader in a process that wrote nothing and configured nothing. */
  private ValueReader stranger() {
    String place = "value of table 't'";
    ClassSource classes =
        new LoaderClasses(getClass().getClassLoader(), new KnownClasses(), place, Object.class);
    return new ValueReader(dictionary, classes, place);
  }

  @Test
  @SuppressWarnings("unchecked")
  void decode_unmodifiableCollections_cannotBeModified() {
    assertThatThrownBy(() -> ((List<Object>) roundTrip(List.of(1))).add(2))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((List<Object>) roundTrip(List.of(1))).set(0, 2))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((Map<Object, Object>) roundTrip(Map.of(1, 2))).clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static Everything everything(RandomValues values) {
    Map<String, Object> map = new HashMap<>();
    map.put("a", values.nextScalar());
    return new Everything(
        values.nextBoolean(),
        values.nextByte(),
        values.nextShort(),
        values.nextInteger(),
        values.nextLong(),
        values.nextFloat(),
        values.nextDouble(),
        values.nextCharacter(),
        values.nextString(),
        Colour.GREEN,
        new Point(values.nextInteger(), -1),
        List.of(new Point(1, 2), new Point(3, 4)),
        map,
        null,
        new Date(values.nextLong()));
  }

  @Test
  void encode_records_comeBackEqualAndAsRows() {
    RandomValues values = new RandomValues(SEED);
    for (int i = 0; i < 1_000; i++) {
      Everything record = everything(values);
      byte[] bytes = writer.encode(record);
      assertThat(reader.decode(bytes, reader.plans(Everything.class)))
          .as("seed %s", SEED)
          .isEqualTo(record);
      Row row = (Row) rowReader.decode(bytes, rowReader.plans(Object.class));
      assertThat(row.get("wide")).isEqualTo(record.wide());
      assertThat(row.get("colour")).isEqualTo("GREEN");
      assertThat(row.get("point")).isInstanceOf(Row.class);
      assertThat(row.typeName()).contains(Everything.class.getName());
    }
  }

  @Test
  void encode_beans_comeBackFieldByField() {
    Bean bean = new Bean(7, "x");
    bean.tags.add("t");
    byte[] bytes = writer.encode(bean);
    assertThat(bytes[0]).isEqualTo((byte) ValueTags.ROW);
    Object decoded = reader.decode(bytes, reader.plans(Bean.class));
    assertThat(decoded).isEqualTo(bean).isNotSameAs(bean);
    assertThat(((Bean) decoded).cached).as("transient, as Java serialization leaves it").isZero();
  }

  @Test
  void encode_objectsThatContainThemselves_areSerializedWhole() {
    Node node = new Node();
    node.next = node;
    Node decoded = (Node) roundTrip(node);
    assertThat(decoded.next).isSameAs(decoded);
    List<Object> list = new ArrayList<>();
    list.add(list);
    assertThat(((List<?>) roundTrip(list)).get(0)).isInstanceOf(ArrayList.class);
  }

  private static Node chain(int length) {
    Node first = null;
    for (int i = 0; i < length; i++) {
      Node node = new Node();
      node.next = first;
      first = node;
    }
    return first;
  }

  @Test
  void encode_longChains_comeBackOrAreRefusedWhenWritten() {
    Node decoded = (Node) roundTrip(chain(500));
    int length = 0;
    for (Node node = decoded; node != null; node = node.next) {
      length++;
    }
    assertThat(length).isEqualTo(500);
    Node endless = chain(1_000_000);
    assertThatThrownBy(() -> writer.encode(endless))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("StackOverflowError");
  }

  @Test
  void decode_typesThatFieldsDeclare_areAllowed() {
    RandomValues values = new RandomValues(SEED);
    Everything record = everything(values);
    byte[] bytes = writer.encode(record);
    String place = "value";
    ClassSource classes =
        new LoaderClasses(getClass().getClassLoader(), new KnownClasses(), place, Everything.class);
    ValueReader configured = new ValueReader(dictionary, classes, place);
    assertThat(configured.decode(bytes, configured.plans(Everything.class)))
        .as("List<Point> is declared in a field")
        .isEqualTo(record);
  }

  @Test
  void encode_notSerializable_namesTheClass() {
    assertThatThrownBy(() -> writer.encode(new Object()))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("java.io.Serializable");
    assertThatThrownBy(() -> writer.encode(List.of(Thread.currentThread())))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("Thread");
  }

  @Test
  void decode_classThatNobodyConfigured_isRefusedByName() {
    byte[] bytes = writer.encode(new Point(1, 2));
    ValueReader stranger = stranger();
    assertThatThrownBy(() -> stranger.decode(bytes, stranger.plans(Object.class)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("table 't'")
        .hasMessageContaining("serialization.allow=" + Point.class.getName());
    assertThat(stranger.decode(bytes, stranger.plans(Row.class)))
        .isEqualTo(Row.of(List.of("x", "y"), 1, 2));
    assertThat(stranger.decode(bytes, stranger.plans(Point.class))).isEqualTo(new Point(1, 2));
  }

  @Test
  void decode_classTheLoaderLacks_namesTheClass() {
    int number = dictionary.numberOf(new RowType("com.acme.Gone", List.of("x")));
    byte[] bytes = writer.encodeRow(number, new Object[] {1});
    assertThatThrownBy(() -> reader.decode(bytes, reader.plans(Object.class)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("com.acme.Gone")
        .hasMessageContaining("Row");
    assertThat(reader.decode(bytes, reader.plans(Point.class)))
        .as("the configured class takes the fields of its name")
        .isEqualTo(new Point(1, 0));
  }

  @Test
  void decode_fieldsThatChanged_areFittedOrNamed() {
    int number = dictionary.numberOf(new RowType(Point.class.getName(), List.of("gone", "y", "X")));
    byte[] widened = writer.encodeRow(number, new Object[] {new Point(9, 9), (short) 4, 3L});
    assertThat(reader.decode(widened, reader.plans(Point.class))).isEqualTo(new Point(3, 4));
    byte[] tooWide = writer.encodeRow(number, new Object[] {null, 1L << 40, 3});
    assertThatThrownBy(() -> reader.decode(tooWide, reader.plans(Point.class)))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("1099511627776")
        .hasMessageContaining("field y");
  }

  @Test
  void decode_hostileBytes_isAValueOrALarderException() {
    Random random = new Random(SEED);
    RandomValues values = new RandomValues(SEED);
    byte[][] samples = {
      writer.encode(everything(values)),
      writer.encode(new Bean(1, "b")),
      writer.encode(new TreeMap<>(Map.of(2, "b", 1, "a"))),
      writer.encode(List.of(Colour.RED, Locale.ROOT, new int[3])),
      writer.encode(Arrays.asList(collections()))
    };
    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = samples[random.nextInt(samples.length)].clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      byte[] hostile =
          random.nextInt(3) > 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
      decodeTolerating(reader, hostile, Everything.class);
      decodeTolerating(rowReader, hostile, Object.class);
      try {
        ValueSkipper.skip(new ByteInput(hostile, "value"), dictionary);
      } catch (CorruptionException expected) {
        assertThat(expected).hasMessageContaining("value");
      }
    }
  }

  private static void decodeTolerating(ValueReader reader, byte[] bytes, Class<?> expected) {
    try {
      reader.decode(bytes, reader.plans(expected));
    } catch (LarderException found) {
      assertThat(found).hasMessageContaining("value");
    }
  }

  @Test
  void decode_lengthBeyondTheEnd_isCorruptionBeforeAllocation() {
    for (int tag :
        new int[] {ValueTags.BYTES, ValueTags.NARROW_TEXT, ValueTags.TEXT, ValueTags.SERIALIZED}) {
      byte[] bytes = {(byte) tag, -1, -1, -1, -1, 7, 0};
      assertThatThrownBy(() -> reader.decode(bytes, reader.plans(Object.class)))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("a length is");
    }
    byte[] list = {ValueTags.LIST, 1, -1, -1, -1, -1, 7, 0};
    assertThatThrownBy(() -> reader.decode(list, reader.plans(Object.class)))
        .isInstanceOf(CorruptionException.class);
  }

  @Test
  void decode_bytesAfterTheEnd_isCorruption() {
    byte[] bytes = Arrays.copyOf(writer.encode("abc"), 6);
    assertThatThrownBy(() -> reader.decode(bytes, reader.plans(Object.class)))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("1 bytes follow");
  }

  @Test
  void decode_serializedObjectForSql_isOpaqueAndGoesBackUnchanged() {
    byte[] bytes = writer.encode(Locale.GERMANY);
    Object opaque = rowReader.decode(bytes, rowReader.plans(Object.class));
    assertThat(opaque).isInstanceOf(OpaqueValue.class).asString().startsWith("java.util.Locale (");
    assertThat(writer.encode(opaque)).isEqualTo(bytes);
  }
}
