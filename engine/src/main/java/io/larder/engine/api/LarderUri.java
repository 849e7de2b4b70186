package io.larder.engine.api;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A parsed {@code larder:} URI: where the database lives and the parameters behind the question mark.
 * Immutable and thread-safe.
 *
 * <pre>
 * larder:/var/lib/shop?sync=always      a directory, absolute or relative; ~ is not expanded
 * larder:mem:test                       in memory, by name
 * jdbc:larder:/var/lib/shop             the same behind jdbc:
 * </pre>
 *
 * Bytes may be written {@code %XX}. Parameter names are not checked here, since each module has its own.
 *
 * @param location where the database lives
 * @param parameters the parameters in the order given
 */
public record LarderUri(DatabaseLocation location, Map<String, String> parameters) {
  private static final String EXPECTED =
      "expected larder:<directory>?<option>=<value>&... or larder:mem:<name>?..., optionally behind jdbc:";
  private static final String SCHEME = "larder:";
  private static final String MEMORY = "mem:";
  private static final String PLAIN = "-._~/:@!$'()*,;";

  /** Creates a URI from its parts. */
  public LarderUri {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * Parses a URI's text.
   *
   * @throws InvalidOptionException naming the text, the place and the forms expected
   */
  public static LarderUri parse(String text) {
    int start = text.regionMatches(true, 0, "jdbc:", 0, 5) ? 5 : 0;
    if (!text.regionMatches(true, start, SCHEME, 0, SCHEME.length())) {
      throw invalid(text, start, "does not start with larder:");
    }
    start += SCHEME.length();
    int question = text.indexOf('?', start);
    int end = question < 0 ? text.length() : question;
    DatabaseLocation location = parseLocation(text, start, end);
    Map<String, String> parameters = question < 0 ? Map.of() : parseParameters(text, question + 1);
    return new LarderUri(location, parameters);
  }

  /**
   * Parses a URI.
   *
   * @throws InvalidOptionException naming the text, the place and the forms expected
   */
  public static LarderUri parse(URI uri) {
    return parse(uri.toString());
  }

  /** Returns this URI with a parameter set. */
  public LarderUri with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(parameters);
    changed.put(name, value);
    return new LarderUri(location, changed);
  }

  /** Returns the URI with all its parameters in the clear; for opening, not for showing. */
  public URI toUri() {
    return URI.create(text(false));
  }

  /** Returns the URI with the values of secret parameters masked. */
  @Override
  public String toString() {
    return text(true);
  }

  private String text(boolean masked) {
    StringBuilder text = new StringBuilder(SCHEME);
    if (location instanceof DatabaseLocation.InMemory memory) {
      text.append(MEMORY);
      encode(memory.name(), text);
    } else {
      encode(location.toString(), text);
    }
    char separator = '?';
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      encode(parameter.getKey(), text.append(separator));
      text.append('=');
      encode(masked && isSecret(parameter.getKey()) ? "***" : parameter.getValue(), text);
      separator = '&';
    }
    return text.toString();
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("password")
        || lower.contains("secret")
        || lower.contains("token")
        || lower.contains("credential")
        || lower.endsWith("encryption.key");
  }

  private static DatabaseLocation parseLocation(String text, int start, int end) {
    if (text.startsWith(MEMORY, start)) {
      String name = decode(text, start + MEMORY.length(), end);
      if (name.isEmpty()) {
        throw invalid(
            text, start + MEMORY.length(), "the name of the in-memory database is missing");
      }
      return new DatabaseLocation.InMemory(name);
    }
    int from = start;
    if (text.startsWith("//", start)) {
      if (!text.startsWith("///", start)) {
        throw invalid(text, start, "a host is named, but databases are local");
      }
      from = start + 2;
    }
    String path = decode(text, from, end);
    if (path.isEmpty()) {
      throw invalid(text, start, "the directory is missing");
    }
    try {
      return new DatabaseLocation.Directory(Path.of(path));
    } catch (InvalidPathException e) {
      throw invalid(text, start, "the directory is no path (" + e.getReason() + ")");
    }
  }

  private static Map<String, String> parseParameters(String text, int start) {
    Map<String, String> parameters = new LinkedHashMap<>();
    int from = start;
    while (from < text.length()) {
      int ampersand = text.indexOf('&', from);
      int end = ampersand < 0 ? text.length() : ampersand;
      int equals = text.indexOf('=', from);
      if (equals <= from || equals >= end) {
        throw invalid(text, from, "a parameter is not of the form name=value");
      }
      String name = decode(text, from, equals);
      if (parameters.put(name, decode(text, equals + 1, end)) != null) {
        throw invalid(text, from, "the parameter '" + name + "' is given twice");
      }
      from = end + 1;
    }
    return parameters;
  }

  private static String decode(String text, int start, int end) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - start);
    int position = start;
    while (position < end) {
      int codePoint = text.codePointAt(position);
      if (codePoint == '%') {
        bytes.write(decodeByte(text, position, end));
        position += 3;
      } else if (codePoint == '#' || codePoint == 0) {
        throw invalid(
            text, position, "a character must be written as %" + (codePoint == 0 ? "00" : "23"));
      } else {
        bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        position += Character.charCount(codePoint);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid(text, start, "the bytes written as %XX are not UTF-8");
    }
  }

  private static int decodeByte(String text, int position, int end) {
    int high = position + 3 <= end ? Character.digit(text.charAt(position + 1), 16) : -1;
    int low = position + 3 <= end ? Character.digit(text.charAt(position + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw invalid(text, position, "'%' is not followed by two hexadecimal digits");
    }
    return high << 4 | low;
  }

  private static void encode(String part, StringBuilder target) {
    for (byte value : part.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (value & 0xFF);
      boolean plain =
          character < 0x80
              && (Character.isLetterOrDigit(character) || PLAIN.indexOf(character) >= 0);
      if (plain) {
        target.append(character);
      } else {
        target.append('%').append(String.format(Locale.ROOT, "%02X", (int) character));
      }
    }
  }

  private static InvalidOptionException invalid(String text, int position, String problem) {
    int question = text.indexOf('?');
    String shown = question < 0 ? text : text.substring(0, question) + "?...";
    return new InvalidOptionException(
        "Invalid URI '"
            + shown
            + "', at character "
            + (position + 1)
            + ": "
            + problem
            + "; "
            + EXPECTED);
  }
}
