package io.larder.tables;

import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.Option;
import java.util.List;

/** The options of a URI that {@link Store} reads itself, beside those of the engine. */
public final class StoreOptions {

  /** Classes that may be recreated from Java serialization, beyond what configured types need. */
  public static final Option<List<String>> SERIALIZATION_ALLOW =
      new Option<>(
          "serialization.allow",
          "",
          List.of(),
          "Classes and packages, separated by commas, that may be recreated from Java serialization beyond what"
              + " the configured types need: com.acme.Order, com.acme.* (one package), com.acme.** (and those"
              + " below it). Default: none. Allow only your own classes: objects can run code while they are"
              + " recreated.",
          false,
          StoreOptions::parsePatterns);

  private static final List<Option<?>> ALL = List.of(SERIALIZATION_ALLOW);

  private StoreOptions() {}

  /** Returns all of them. */
  public static List<Option<?>> all() {
    return ALL;
  }

  static List<String> serializationAllow(LarderUri uri) {
    String text = uri.parameters().get(SERIALIZATION_ALLOW.name());
    try {
      return SERIALIZATION_ALLOW.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidOptionException(
          "option " + SERIALIZATION_ALLOW.name() + "=" + text + ": " + e.getMessage(), e);
    }
  }

  private static List<String> parsePatterns(String text) {
    return text.isBlank()
        ? List.of()
        : java.util.Arrays.stream(text.split(",", -1)).map(StoreOptions::checkPattern).toList();
  }

  private static String checkPattern(String text) {
    String pattern = text.strip();
    String name = pattern.replaceFirst("\\.\\*{1,2}$", "");
    if (name.isEmpty()
        || !name.replace('.', 'x')
            .replace('$', 'x')
            .chars()
            .allMatch(Character::isJavaIdentifierPart)) {
      throw new IllegalArgumentException(
          "'" + pattern + "' is not a class name, a package followed by .* or one followed by .**");
    }
    return pattern;
  }
}
