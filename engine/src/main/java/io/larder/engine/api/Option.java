package io.larder.engine.api;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One configurable thing, described once for URI parsing, driver properties, command line flags, docs and
 * validation.
 *
 * @param name the URI key, dotted lower case
 * @param defaultText the default as a user would write it; empty = none
 * @param choices the allowed texts, empty if any text that {@code parser} takes
 * @param description default, effect and trade-off in one or two sentences
 * @param secret whether the value must never be shown
 * @param parser turns text into the value; throws {@link IllegalArgumentException} saying what was expected
 * @param <T> the type of the value
 */
public record Option<T>(
    String name,
    String defaultText,
    List<String> choices,
    String description,
    boolean secret,
    Function<String, T> parser) {

  /** Parses a text, or the default when the text is null. */
  public T parse(@Nullable String text) {
    return parser.apply(text == null ? defaultText : text);
  }
}
