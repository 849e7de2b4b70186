package io.larder.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.LarderUri;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The examples of FORMAT.md are what the codecs write, and the codecs read them. */
class FormatTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final UUID SOME_UUID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

  private enum Colour {
    RED
  }

  private record Session(String user, int cart) {}

  private final MapDictionary dictionary = new MapDictionary();

  /** Returns the lines of a fenced block, each split into bytes and what they are. */
  private static List<Map.Entry<byte[], String>> fence(String name) throws IOException {
    String text = Files.readString(Path.of("../FORMAT.md"));
    int start = text.indexOf("```" + name + "\n") + name.length() + 4;
    List<Map.Entry<byte[], String>> lines = new ArrayList<>();
    for (String line : text.substring(start, text.indexOf("\n```", start)).lines().toList()) {
      String[] parts = line.split(" {2,}", 2);
      lines.add(Map.entry(HEX.parseHex(parts[0]), parts[1]));
    }
    return lines;
  }

  private static Map<String, Object[]> keyExamples() {
    Map<String, Object[]> examples = new LinkedHashMap<>();
    examples.put("null", new Object[] {null});
    examples.put("false", new Object[] {false});
    examples.put("Byte -1", new Object[] {(byte) -1});
    examples.put("Short 1", new Object[] {(short) 1});
    examples.put("Integer 1", new Object[] {1});
    examples.put("Long -1", new Object[] {-1L});
    examples.put("BigInteger 1200", new Object[] {BigInteger.valueOf(1200)});
    examples.put("Float 1.5", new Object[] {1.5f});
    examples.put("Double -1.5", new Object[] {-1.5});
    examples.put("BigDecimal 12.30", new Object[] {new BigDecimal("12.30")});
    examples.put("BigDecimal -12.3", new Object[] {new BigDecimal("-12.3")});
    examples.put("BigDecimal 0", new Object[] {BigDecimal.ZERO});
    examples.put("Character a", new Object[] {'a'});
    examples.put("String caf\u00e9", new Object[] {"caf\u00e9"});
    examples.put("byte[] 00 ff", new Object[] {new byte[] {0, -1}});
    examples.put("UUID " + SOME_UUID, new Object[] {SOME_UUID});
    examples.put("LocalDate 1970-01-02", new Object[] {LocalDate.of(1970, 1, 2)});
    examples.put("LocalTime 00:00:01", new Object[] {LocalTime.of(0, 0, 1)});
    examples.put(
        "LocalDateTime 1970-01-01T00:00:01.000000002",
        new Object[] {LocalDateTime.of(1970, 1, 1, 0, 0, 1, 2)});
    examples.put("Instant -1 s", new Object[] {Instant.ofEpochSecond(-1)});
    examples.put("List (Integer 1, String a)", new Object[] {List.of(1, "a")});
    examples.put("two columns: String a\\0b, Integer 7", new Object[] {"a\0b", 7});
    examples.put("two columns: Integer 7, String a\\0b", new Object[] {7, "a\0b"});
    return examples;
  }

  private RowCodec keys(int columns) {
    List<Column> keyColumns = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      keyColumns.add(Column.of("k" + i, DataType.ANY));
    }
    TableDefinition definition =
        TableDefinition.of(
            "t", keyColumns, ValueKind.SCALAR, List.of(Column.of("v", DataType.ANY)));
    return new TableRowCodec(definition, dictionary, new KnownClasses());
  }

  @Test
  void keys_ofTheDocument_areWhatTheCodecWritesAndReads() throws IOException {
    Map<String, Object[]> examples = keyExamples();
    List<Map.Entry<byte[], String>> lines = fence("keys");
    assertThat(lines).extracting(Map.Entry::getValue).containsExactlyElementsOf(examples.keySet());
    byte[] value = new ValueWriter(dictionary, "value", name -> {}).encode(null);
    for (Map.Entry<byte[], String> line : lines) {
      Object[] key = examples.get(line.getValue());
      RowCodec rows = keys(key.length);
      Object[] row = Arrays.copyOf(key, key.length + 2);
      assertThat(HEX.formatHex(rows.encodeKey(row)))
          .as(line.getValue())
          .isEqualTo(HEX.formatHex(line.getKey()));
      assertThat(rows.decode(line.getKey(), value, 0)).as(line.getValue()).isEqualTo(row);
    }
  }

  private static Map<String, Object> valueExamples() {
    Map<String, Object> examples = new LinkedHashMap<>();
    examples.put("true", true);
    examples.put("Byte -1", (byte) -1);
    examples.put("Short -1", (short) -1);
    examples.put("Integer 300", 300);
    examples.put("Long -2", -2L);
    examples.put("BigInteger 256", BigInteger.valueOf(256));
    examples.put("Float 1.5", 1.5f);
    examples.put("Double 1.5", 1.5);
    examples.put("BigDecimal 12.30", new BigDecimal("12.30"));
    examples.put("Character a", 'a');
    examples.put("String caf\u00e9", "caf\u00e9");
    examples.put("String \u20ac", "\u20ac");
    examples.put("byte[] 00 ff", new byte[] {0, -1});
    examples.put("UUID " + SOME_UUID, SOME_UUID);
    examples.put("LocalDate 1970-01-02", LocalDate.of(1970, 1, 2));
    examples.put("LocalTime 00:00:00.000000300", LocalTime.ofNanoOfDay(300));
    examples.put(
        "LocalDateTime 1970-01-01T00:00:01.000000002", LocalDateTime.of(1970, 1, 1, 0, 0, 1, 2));
    examples.put("Instant -1 s", Instant.ofEpochSecond(-1));
    examples.put("java.util.Date 1 ms", new Date(1));
    examples.put("Duration 1 s", Duration.ofSeconds(1));
    examples.put(
        "OffsetDateTime 1970-01-01T00:00:01+01:00",
        OffsetDateTime.parse("1970-01-01T00:00:01+01:00"));
    examples.put("ArrayList (1, null)", new ArrayList<>(Arrays.asList(1, null)));
    examples.put("TreeSet (a)", new TreeSet<>(List.of("a")));
    examples.put("unmodifiable Map (a = 1)", Map.of("a", 1));
    examples.put("row of type 1 (user, cart): ann, 3", new Session("ann", 3));
    examples.put("constant RED of type 2", Colour.RED);
    return examples;
  }

  @Test
  void values_ofTheDocument_areWhatTheCodecWritesAndReads() throws IOException {
    Map<String, Object> examples = valueExamples();
    List<Map.Entry<byte[], String>> lines = fence("values");
    assertThat(lines).extracting(Map.Entry::getValue).containsExactlyElementsOf(examples.keySet());
    KnownClasses known = new KnownClasses();
    ValueWriter writer = new ValueWriter(dictionary, "value", known::written);
    ValueReader reader =
        new ValueReader(
            dictionary, new LoaderClasses(getClass().getClassLoader(), known, "value"), "value");
    for (Map.Entry<byte[], String> line : lines) {
      Object value = examples.get(line.getValue());
      assertThat(HEX.formatHex(writer.encode(value)))
          .as(line.getValue())
          .isEqualTo(HEX.formatHex(line.getKey()));
      assertThat(reader.decode(line.getKey(), reader.plans(Object.class))).isEqualTo(value);
    }
  }

  @Test
  void catalog_ofTheDocument_isWhatTheStoreWrites() throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (Store store = Store.open(LarderUri.parse("larder:mem:" + getClass().getName()))) {
      Column name = new Column("name", DataType.VARCHAR, true, "'x'");
      TableDefinition definition =
          TableDefinition.of(
              "pet", List.of(Column.notNull("id", DataType.BIGINT)), ValueKind.ROW, List.of(name));
      Table table = store.createTable(definition.withAttribute("ttl", "1h"));
      table.rows().encodeValue(new Object[] {1L, "Rex", null});
      for (String keyspace : List.of("larder:catalog", "larder:dictionary")) {
        try (Cursor cursor = store.database().keyspace(keyspace).cursor(KeyRange.all())) {
          while (cursor.next()) {
            written.writeBytes(cursor.key());
            written.writeBytes(cursor.value());
          }
        }
      }
    }
    ByteArrayOutputStream documented = new ByteArrayOutputStream();
    fence("catalog").forEach(line -> documented.writeBytes(line.getKey()));
    assertThat(HEX.formatHex(documented.toByteArray()))
        .isEqualTo(HEX.formatHex(written.toByteArray()));
  }
}
