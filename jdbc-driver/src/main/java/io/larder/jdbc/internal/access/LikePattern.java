package io.larder.jdbc.internal.access;

import org.jspecify.annotations.Nullable;

/**
 * A LIKE pattern without escapes: {@code %} stands for any text, {@code _} for one character. Immutable.
 *
 * <p>Matching is greedy with one place to go back to, the last {@code %}: no recursion, no worse than the
 * product of both lengths.
 */
public final class LikePattern {
  private final String pattern;

  /** Creates the pattern. */
  public LikePattern(String pattern) {
    this.pattern = pattern;
  }

  /** Returns the text before the only {@code %}, which is last; null if the pattern has other wildcards. */
  public static @Nullable String prefixOf(String pattern) {
    int wildcard = pattern.indexOf('%');
    boolean prefixOnly =
        wildcard > 0 && wildcard == pattern.length() - 1 && pattern.indexOf('_') < 0;
    return prefixOnly ? pattern.substring(0, wildcard) : null;
  }

  /** Returns the text before the first wildcard. */
  public static String leadingText(String pattern) {
    int end = 0;
    while (end < pattern.length() && pattern.charAt(end) != '%' && pattern.charAt(end) != '_') {
      end++;
    }
    return pattern.substring(0, end);
  }

  /** Returns whether the whole text matches. */
  public boolean matches(String text) {
    int at = 0;
    int in = 0;
    int afterWildcard = -1;
    int resume = 0;
    while (at < text.length()) {
      if (in < pattern.length() && pattern.charAt(in) == '%') {
        afterWildcard = ++in;
        resume = at;
      } else if (in < pattern.length()
          && (pattern.charAt(in) == '_' || pattern.charAt(in) == text.charAt(at))) {
        at += pattern.charAt(in) == '_' ? Character.charCount(text.codePointAt(at)) : 1;
        in++;
      } else if (afterWildcard >= 0) {
        in = afterWildcard;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '%') {
      in++;
    }
    return in == pattern.length();
  }
}
