package io.larder.jdbc.internal.metadata;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for names as metadata methods take it: {@code %} and {@code _}, a backslash before what is meant
 * literally, null for anything. Case does not matter. Immutable.
 */
final class NamePattern {
  private static final char ESCAPE = '\\';
  private final @Nullable String pattern;

  NamePattern(@Nullable String pattern) {
    this.pattern = pattern == null ? null : pattern.toLowerCase(Locale.ROOT);
  }

  boolean matches(String name) {
    return pattern == null || matches(pattern, 0, name.toLowerCase(Locale.ROOT), 0);
  }

  private static boolean matches(String pattern, int from, String name, int at) {
    int in = from;
    int position = at;
    while (in < pattern.length()) {
      char c = pattern.charAt(in++);
      if (c == '%') {
        for (int rest = position; rest <= name.length(); rest++) {
          if (matches(pattern, in, name, rest)) {
            return true;
          }
        }
        return false;
      }
      boolean literal = c == ESCAPE && in < pattern.length();
      char wanted = literal ? pattern.charAt(in++) : c;
      if (position >= name.length() || (wanted != name.charAt(position) && (literal || c != '_'))) {
        return false;
      }
      position++;
    }
    return position == name.length();
  }
}
