package io.larder.cli.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Bytes without a type as text: UTF-8 where that can be read and printed, hexadecimal digits
 * elsewhere. Stateless.
 */
public final class ByteText {
  private static final String MARK = "0x";

  private ByteText() {}

  /**
   * Returns the text of bytes, with {@code 0x} before digits; digits alone if {@code hex} asks for
   * them.
   */
  public static String show(byte[] bytes, boolean hex) {
    if (hex) {
      return HexFormat.of().formatHex(bytes);
    }
    String text = utf8(bytes);
    return text == null || text.startsWith(MARK) || !isPrintable(text)
        ? MARK + HexFormat.of().formatHex(bytes)
        : text;
  }

  /**
   * Returns the bytes of a text that {@link #show} would give.
   *
   * @throws IllegalArgumentException if hexadecimal digits are expected and something else is found
   */
  public static byte[] parse(String text, boolean hex) {
    if (!hex && !text.startsWith(MARK)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    String digits = text.startsWith(MARK) ? text.substring(MARK.length()) : text;
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "found '" + text + "', expected an even number of hexadecimal digits", e);
    }
  }

  private static @org.jspecify.annotations.Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isPrintable(String text) {
    return text.codePoints().noneMatch(Character::isISOControl);
  }
}
