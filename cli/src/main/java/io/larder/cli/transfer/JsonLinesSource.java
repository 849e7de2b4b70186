package io.larder.cli.transfer;

import io.larder.cli.access.BadInputException;
import io.larder.cli.text.JsonParser;
import io.larder.cli.text.JsonSyntaxException;
import io.larder.cli.text.ValueJson;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.TableDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file of JSON objects, one a line; the first may be a {@link TableHeader}. */
final class JsonLinesSource implements RecordSource {
  private final Path file;
  private final CountingStream stream;
  private final BufferedReader reader;
  private final @Nullable Map<String, @Nullable Object> header;
  private @Nullable Map<String, @Nullable Object> fields;
  private boolean firstIsWaiting;
  private long line;

  private JsonLinesSource(Path file, CountingStream stream) throws IOException {
    this.file = file;
    this.stream = stream;
    this.reader = new BufferedReader(stream.reader(), 1 << 16);
    this.fields = read();
    boolean typed = fields != null && TableHeader.isHeader(fields);
    this.header = typed ? fields : null;
    this.firstIsWaiting = !typed;
  }

  static JsonLinesSource open(Path file) throws IOException {
    CountingStream stream = CountingStream.open(file);
    try {
      return new JsonLinesSource(file, stream);
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private @Nullable Map<String, @Nullable Object> read() throws IOException {
    String text;
    do {
      try {
        text = reader.readLine();
      } catch (CharacterCodingException e) {
        throw new BadInputException(
            file + " line " + (line + 1) + " or later: found bytes that are not UTF-8", e);
      }
      line++;
      if (text == null) {
        return null;
      }
    } while (text.isBlank());
    return object(text);
  }

  private Map<String, @Nullable Object> object(String text) {
    Object value;
    try {
      value = JsonParser.parse(text);
    } catch (JsonSyntaxException e) {
      throw new BadInputException(place() + ", column " + e.column() + ": " + e.getMessage(), e);
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new BadInputException(
          place() + ", column 1: found " + kind(value) + ", expected an object in braces");
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    map.forEach((name, each) -> object.put(String.valueOf(name), each));
    return object;
  }

  private static String kind(@Nullable Object value) {
    return value instanceof List<?>
        ? "a list"
        : value instanceof String ? "a text" : "'" + value + "'";
  }

  @Override
  public Optional<TableDefinition> declared(String tableName) {
    if (header == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(TableHeader.definition(header, tableName));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file + " line 1: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean next() throws IOException {
    if (firstIsWaiting) {
      firstIsWaiting = false;
    } else {
      fields = read();
    }
    return fields != null;
  }

  @Override
  public Map<String, @Nullable Object> fields() {
    if (fields == null) {
      throw new IllegalStateException("there is no record before the first next()");
    }
    return fields;
  }

  @Override
  public String place() {
    return file + " line " + line;
  }

  @Override
  public @Nullable Object convert(DataType type, @Nullable Object field) {
    return type.convert(ValueJson.toColumn(type, field));
  }

  @Override
  public TypeGuess newGuess() {
    return new Guess();
  }

  @Override
  public long bytesRead() {
    return stream.count();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /**
   * JSON says what a text, a number, a truth is; numbers become the narrowest type that holds all
   * of them.
   */
  private static final class Guess implements TypeGuess {
    private final Map<String, @Nullable DataType> types = new LinkedHashMap<>();

    @Override
    public void see(Map<String, @Nullable Object> fields) {
      fields.forEach(
          (name, field) -> {
            DataType type = typeOf(field);
            DataType known = types.get(name);
            types.put(name, known == null ? type : type == null ? known : common(known, type));
          });
    }

    private static @Nullable DataType typeOf(@Nullable Object field) {
      if (field == null) {
        return null;
      } else if (field instanceof Boolean) {
        return DataType.BOOLEAN;
      } else if (field instanceof Long) {
        return DataType.BIGINT;
      } else if (field instanceof BigInteger || field instanceof BigDecimal) {
        return DataType.DECIMAL;
      } else if (field instanceof List<?>) {
        return DataType.LIST;
      }
      return field instanceof Map<?, ?> ? DataType.MAP : DataType.VARCHAR;
    }

    private static DataType common(DataType known, DataType type) {
      if (known == type) {
        return known;
      }
      boolean numbers =
          (known == DataType.BIGINT || known == DataType.DECIMAL)
              && (type == DataType.BIGINT || type == DataType.DECIMAL);
      return numbers ? DataType.DECIMAL : DataType.ANY;
    }

    @Override
    public List<Column> columns() {
      List<Column> columns = new ArrayList<>();
      types.forEach(
          (name, type) -> columns.add(Column.of(name, type == null ? DataType.VARCHAR : type)));
      return columns;
    }
  }
}
