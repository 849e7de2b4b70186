package io.larder.cli.access;

import io.larder.cli.text.ByteText;
import io.larder.cli.text.ValueText;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.TableDefinition;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace without types: bytes, shown as text where they are text and as hexadecimal digits
 * where not.
 */
public final class RawTarget implements Target {
  private static final List<Column> KEY = List.of(Column.notNull("key", DataType.VARBINARY));
  private static final List<Column> VALUE = List.of(Column.notNull("value", DataType.VARBINARY));

  private final Keyspace keyspace;
  private final boolean hex;

  RawTarget(Keyspace keyspace, boolean hex) {
    this.keyspace = keyspace;
    this.hex = hex;
  }

  @Override
  public String name() {
    return keyspace.name();
  }

  @Override
  public Keyspace keyspace() {
    return keyspace;
  }

  @Override
  public List<Column> keyColumns() {
    return KEY;
  }

  @Override
  public List<Column> valueColumns() {
    return VALUE;
  }

  @Override
  public boolean isRow() {
    return false;
  }

  @Override
  public byte[] key(List<String> texts) {
    if (texts.size() != 1) {
      throw new BadInputException(
          "keyspace '" + name() + "': found " + texts.size() + " keys, expected one");
    }
    return parse("key", texts.get(0));
  }

  private byte[] parse(String part, String text) {
    try {
      return ByteText.parse(text, hex);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("keyspace '" + name() + "', " + part + ": " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] value(List<String> key, Map<String, String> values) {
    String text = values.get("value");
    if (text == null || values.size() != 1) {
      throw new BadInputException(
          "keyspace '" + name() + "': found values for " + values.keySet() + ", expected value");
    }
    return parse("value", text);
  }

  @Override
  public KeyRange between(List<String> from, List<String> to) {
    byte @Nullable [] first = from.isEmpty() ? null : key(from);
    byte @Nullable [] end = null;
    if (!to.isEmpty()) {
      byte[] last = key(to);
      end = Arrays.copyOf(last, last.length + 1);
    }
    return new KeyRange(first, end);
  }

  @Override
  public KeyRange prefix(List<String> texts) {
    return KeyRange.prefix(key(texts));
  }

  @Override
  public @Nullable Object[] row(byte[] key, byte[] value, long expiresAtMillis) {
    return new @Nullable Object[] {
      key, value, expiresAtMillis == 0 ? null : Instant.ofEpochMilli(expiresAtMillis)
    };
  }

  @Override
  public Map<String, @Nullable Object> json(@Nullable Object[] row) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("key", shown(row[0]));
    json.put("value", shown(row[1]));
    if (row[2] != null) {
      json.put(TableDefinition.EXPIRES_AT.name(), row[2].toString());
    }
    return json;
  }

  private @Nullable String shown(@Nullable Object value) {
    return value instanceof byte[] bytes
        ? ByteText.show(bytes, hex)
        : value == null ? null : value.toString();
  }

  @Override
  public String keyText(byte[] key) {
    return ValueText.oneLine(ByteText.show(key, hex));
  }

  @Override
  public String text(int column, @Nullable Object value) {
    String shown = shown(value);
    return shown == null ? "NULL" : ValueText.oneLine(shown);
  }
}
