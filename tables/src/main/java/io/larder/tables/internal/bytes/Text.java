package io.larder.tables.internal.bytes;

import java.nio.charset.StandardCharsets;

/**
 * Strings as UTF-8, so that unsigned byte order is code point order. A surrogate without its partner, legal in a
 * Java string, becomes the three bytes UTF-8 would give its number, so that every string survives and no two
 * become one.
 *
 * <p>Decoding is strict: what the encoder cannot have written is corruption.
 */
public final class Text {
  private static final int ASCII_LIMIT = 0x80;

  private Text() {}

  /** Writes the bytes of a text without length or end mark. */
  public static void put(ByteOutput output, String text) {
    if (!output.putNarrow(text, ASCII_LIMIT)) {
      putWide(output, text);
    }
  }

  /** Returns the number of bytes of a text. */
  public static int length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      int point = text.codePointAt(i);
      if (point >= 0x10000) {
        bytes += 4;
        i++;
      } else {
        bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : 3;
      }
    }
    return bytes;
  }

  private static void putWide(ByteOutput output, String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      int point = text.codePointAt(i);
      if (point < 0x80) {
        output.putByte(point);
      } else if (point < 0x800) {
        output.putByte(0xC0 | point >> 6);
        output.putByte(0x80 | point & 0x3F);
      } else if (point < 0x10000) {
        output.putByte(0xE0 | point >> 12);
        output.putByte(0x80 | point >> 6 & 0x3F);
        output.putByte(0x80 | point & 0x3F);
      } else {
        output.putByte(0xF0 | point >> 18);
        output.putByte(0x80 | point >> 12 & 0x3F);
        output.putByte(0x80 | point >> 6 & 0x3F);
        output.putByte(0x80 | point & 0x3F);
        i++;
      }
    }
  }

  /** Reads a text of so many bytes. */
  public static String get(ByteInput input, int length) {
    int start = input.position();
    input.skip(length);
    return decode(input, input.array(), start, length);
  }

  /** Returns the text of a part of an array; the input is only asked for the exception if it is none. */
  public static String decode(ByteInput input, byte[] bytes, int start, int length) {
    int end = start + length;
    for (int i = start; i < end; i++) {
      if (bytes[i] < 0) {
        return decodeWide(input, bytes, start, end);
      }
    }
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  private static String decodeWide(ByteInput input, byte[] bytes, int start, int end) {
    StringBuilder text = new StringBuilder(end - start);
    int position = start;
    int previous = 0;
    while (position < end) {
      int first = bytes[position] & 0xFF;
      int count =
          first < 0x80
              ? 1
              : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
      if (count == 0 || end - position < count) {
        throw input.corrupt("text is not UTF-8");
      }
      int point = count == 1 ? first : first & 0x7F >> count;
      for (int i = 1; i < count; i++) {
        int next = bytes[position + i];
        if ((next & 0xC0) != 0x80) {
          throw input.corrupt("text is not UTF-8");
        }
        point = point << 6 | next & 0x3F;
      }
      checkShortest(input, point, count, previous);
      text.appendCodePoint(point);
      previous = point;
      position += count;
    }
    return text.toString();
  }

  /** One string has one encoding, else equal keys could differ. */
  private static void checkShortest(ByteInput input, int point, int count, int previous) {
    int least = count == 1 ? 0 : count == 2 ? 0x80 : count == 3 ? 0x800 : 0x10000;
    boolean splitPair =
        point >= 0xDC00 && point <= 0xDFFF && previous >= 0xD800 && previous <= 0xDBFF;
    if (point < least || point > Character.MAX_CODE_POINT || splitPair) {
      throw input.corrupt("text is not UTF-8 in its shortest form");
    }
  }
}
