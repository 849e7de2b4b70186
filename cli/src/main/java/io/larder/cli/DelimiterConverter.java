package io.larder.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one character, or the name of one that is hard to type. */
final class DelimiterConverter implements ITypeConverter<Character> {

  @Override
  public Character convert(String text) {
    String named = text.toLowerCase(Locale.ROOT);
    if (named.equals("tab") || named.equals("\\t")) {
      return '\t';
    } else if (text.length() != 1 || text.equals("\"") || text.equals("\n") || text.equals("\r")) {
      throw new TypeConversionException("found '" + text + "', expected one character, or tab");
    }
    return text.charAt(0);
  }
}
