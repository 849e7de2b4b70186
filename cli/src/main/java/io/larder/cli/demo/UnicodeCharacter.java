package io.larder.cli.demo;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/**
 * What the JDK knows of one code point.
 *
 * @param glyph the character itself
 * @param name its Unicode name
 * @param block the block it lies in, for example {@code ARROWS}
 * @param script the script it belongs to, for example {@code LATIN}
 * @param category its two-letter general category, for example {@code Sm}
 * @param mirrored whether it is mirrored in right-to-left text
 * @param numericValue its value as a digit or number, -1 if it has none, -2 if it is no whole
 *     number
 * @param uppercase its upper case form
 * @param lowercase its lower case form
 * @param decomposed its canonical decomposition
 * @param utf8 its UTF-8 bytes in hexadecimal
 */
public record UnicodeCharacter(
    String glyph,
    String name,
    String block,
    String script,
    String category,
    boolean mirrored,
    int numericValue,
    String uppercase,
    String lowercase,
    String decomposed,
    String utf8)
    implements Serializable {

  private static final HexFormat HEX = HexFormat.of();

  /** Describes an assigned code point. */
  @SuppressWarnings("CharacterGetNumericValue") // the letters' values are part of what is stored
  static UnicodeCharacter of(int codePoint) {
    String glyph = Character.toString(codePoint);
    return new UnicodeCharacter(
        glyph,
        Objects.requireNonNullElse(Character.getName(codePoint), "UNNAMED"),
        String.valueOf(Character.UnicodeBlock.of(codePoint)),
        Character.UnicodeScript.of(codePoint).name(),
        category(Character.getType(codePoint)),
        Character.isMirrored(codePoint),
        Character.getNumericValue(codePoint),
        glyph.toUpperCase(Locale.ROOT),
        glyph.toLowerCase(Locale.ROOT),
        Normalizer.normalize(glyph, Normalizer.Form.NFD),
        HEX.formatHex(glyph.getBytes(StandardCharsets.UTF_8)));
  }

  private static String category(int type) {
    return switch (type) {
      case Character.UPPERCASE_LETTER -> "Lu";
      case Character.LOWERCASE_LETTER -> "Ll";
      case Character.TITLECASE_LETTER -> "Lt";
      case Character.MODIFIER_LETTER -> "Lm";
      case Character.OTHER_LETTER -> "Lo";
      case Character.NON_SPACING_MARK -> "Mn";
      case Character.ENCLOSING_MARK -> "Me";
      case Character.COMBINING_SPACING_MARK -> "Mc";
      case Character.DECIMAL_DIGIT_NUMBER -> "Nd";
      case Character.LETTER_NUMBER -> "Nl";
      case Character.OTHER_NUMBER -> "No";
      case Character.SPACE_SEPARATOR -> "Zs";
      case Character.LINE_SEPARATOR -> "Zl";
      case Character.PARAGRAPH_SEPARATOR -> "Zp";
      case Character.CONTROL -> "Cc";
      case Character.FORMAT -> "Cf";
      case Character.PRIVATE_USE -> "Co";
      case Character.DASH_PUNCTUATION -> "Pd";
      case Character.START_PUNCTUATION -> "Ps";
      case Character.END_PUNCTUATION -> "Pe";
      case Character.CONNECTOR_PUNCTUATION -> "Pc";
      case Character.OTHER_PUNCTUATION -> "Po";
      case Character.INITIAL_QUOTE_PUNCTUATION -> "Pi";
      case Character.FINAL_QUOTE_PUNCTUATION -> "Pf";
      case Character.MATH_SYMBOL -> "Sm";
      case Character.CURRENCY_SYMBOL -> "Sc";
      case Character.MODIFIER_SYMBOL -> "Sk";
      case Character.OTHER_SYMBOL -> "So";
      default -> "Cn";
    };
  }
}
