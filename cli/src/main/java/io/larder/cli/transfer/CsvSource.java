package io.larder.cli.transfer;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.TypedTarget;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.TableDefinition;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file. A field without quotes and characters is null; two quotes are the empty text, where
 * texts are.
 */
final class CsvSource implements RecordSource {
  private static final Pattern AT = Pattern.compile("([^:]*?) at line: (\\d+), position: (\\d+)");
  private static final Pattern START = Pattern.compile("startline (\\d+)");

  private final Path file;
  private final CountingStream stream;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final CsvHeader header;
  private final List<String> names;
  private @Nullable CSVRecord record;

  private CsvSource(Path file, CountingStream stream, CSVParser parser) {
    this.file = file;
    this.stream = stream;
    this.parser = parser;
    this.records = parser.iterator();
    CSVRecord first = read();
    if (first == null) {
      throw new BadInputException(
          file + ": found no line, expected a header with the column names");
    }
    this.header = CsvHeader.parse(texts(first));
    this.names = header.names();
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isBlank() || !seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new BadInputException(
            file + " line 1: found an empty or repeated column name, expected each once: " + names);
      }
    }
    this.record = null;
  }

  static CsvSource open(Path file, char delimiter) throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(delimiter)
            .setIgnoreEmptyLines(true)
            .setQuoteMode(QuoteMode.ALL_NON_NULL) // tells a null from an empty text
            .get();
    CountingStream stream = CountingStream.open(file);
    try {
      return new CsvSource(
          file, stream, CSVParser.builder().setReader(stream.reader()).setFormat(format).get());
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private static List<String> texts(CSVRecord record) {
    List<String> texts = new ArrayList<>();
    for (String text : record) {
      texts.add(text == null ? "" : text);
    }
    return texts;
  }

  private @Nullable CSVRecord read() {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      throw broken(e.getCause() == null ? e : e.getCause());
    } catch (IllegalStateException e) { // what the parser throws depends on what is broken
      throw broken(e.getCause() == null ? e : e.getCause());
    }
  }

  /** Turns what the parser says into place and problem. */
  private BadInputException broken(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    Matcher at = AT.matcher(message);
    Matcher start = START.matcher(message);
    if (cause instanceof CharacterCodingException) {
      return new BadInputException(
          place(parser.getCurrentLineNumber() + 1) + " or later: found bytes that are not UTF-8",
          cause);
    } else if (at.find()) {
      String column = column(Long.parseLong(at.group(3)));
      return new BadInputException(
          place(Long.parseLong(at.group(2))) + column + ": " + at.group(1), cause);
    } else if (start.find()) {
      return new BadInputException(
          place(Long.parseLong(start.group(1))) + ": the file ends within quotes that begin here",
          cause);
    }
    return new BadInputException(place(parser.getCurrentLineNumber() + 1) + ": " + message, cause);
  }

  private String place(long line) {
    return file + " line " + line;
  }

  /**
   * The parser counts characters of the whole file: reads it again to know where the line begins.
   */
  private String column(long position) {
    try (Reader reader = CountingStream.open(file).reader()) {
      long lineStart = 0;
      for (long read = 1; read < position; read++) {
        if (reader.read() == '\n') {
          lineStart = read;
        }
      }
      return ", column " + (position - lineStart);
    } catch (IOException e) {
      return ""; // the line is told in any case
    }
  }

  @Override
  public Optional<TableDefinition> declared(String tableName) {
    try {
      return header.definition(tableName);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file + " line 1: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean next() {
    record = read();
    if (record != null && record.size() != names.size()) {
      throw new BadInputException(
          place() + ": found " + record.size() + " values, expected " + names.size());
    }
    return record != null;
  }

  private CSVRecord current() {
    if (record == null) {
      throw new IllegalStateException("there is no record before the first next()");
    }
    return record;
  }

  @Override
  public Map<String, @Nullable Object> fields() {
    CSVRecord current = current();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      fields.put(names.get(i), current.get(i));
    }
    return fields;
  }

  /** The line a record begins in: the parser knows the one it ends in. */
  @Override
  public String place() {
    long breaks = 0;
    for (String text : current()) {
      breaks += text == null ? 0 : text.chars().filter(unit -> unit == '\n').count();
    }
    return place(parser.getCurrentLineNumber() - breaks);
  }

  @Override
  public @Nullable Object convert(DataType type, @Nullable Object field) {
    if (!(field instanceof String text) || text.isEmpty() && type != DataType.VARCHAR) {
      return null;
    }
    return TypedTarget.parse(type, text);
  }

  @Override
  public TypeGuess newGuess() {
    Map<String, ColumnGuess> guesses = new LinkedHashMap<>();
    names.forEach(name -> guesses.put(name, new ColumnGuess()));
    return new TypeGuess() {
      @Override
      public void see(Map<String, @Nullable Object> fields) {
        guesses.forEach(
            (name, guess) -> {
              Object field = fields.get(name);
              guess.see(field == null ? "" : field.toString());
            });
      }

      @Override
      public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        guesses.forEach((name, guess) -> columns.add(Column.of(name, guess.type())));
        return columns;
      }
    };
  }

  @Override
  public long bytesRead() {
    return stream.count();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
