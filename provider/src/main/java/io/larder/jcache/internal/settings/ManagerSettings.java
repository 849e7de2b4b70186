package io.larder.jcache.internal.settings;

import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderUri;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that a manager's URI, properties and configuration file say, validated. Immutable.
 *
 * @param uri the database's URI with the engine's options from all of them
 * @param heapBytes how much heap the decoded values of all caches may take together
 * @param eventsMax how many events of a cache may wait for its asynchronous listeners
 * @param expiryNotesMax how many entries a cache may keep in mind to tell of their expiry
 * @param caches what is said about caches, by their names, or by patterns of names with {@code *} for any characters
 */
public record ManagerSettings(
    LarderUri uri,
    long heapBytes,
    int eventsMax,
    int expiryNotesMax,
    Map<String, CacheSettings> caches) {

  /** Creates an immutable copy. */
  public ManagerSettings {
    caches = Map.copyOf(caches);
  }

  /**
   * Returns what is said about a cache: by its name, and where that says nothing, by the patterns it matches, those
   * with more characters that are no {@code *} first.
   */
  public CacheSettings cache(String name) {
    CacheSettings settings = caches.getOrDefault(name, CacheSettings.NONE);
    List<Map.Entry<String, CacheSettings>> templates = new ArrayList<>();
    for (Map.Entry<String, CacheSettings> entry : caches.entrySet()) {
      String pattern = entry.getKey();
      if (isPattern(pattern) && !pattern.equals(name) && matches(pattern, name)) {
        templates.add(entry);
      }
    }
    templates.sort(
        Comparator.comparingInt(
                (Map.Entry<String, CacheSettings> entry) -> literals(entry.getKey()))
            .reversed()
            .thenComparing(Map.Entry.comparingByKey()));
    for (Map.Entry<String, CacheSettings> template : templates) {
      settings = settings.over(template.getValue());
    }
    return settings;
  }

  /** Returns the names of caches that are named themselves. */
  public Set<String> cacheNames() {
    Set<String> names = new TreeSet<>(caches.keySet());
    names.removeIf(ManagerSettings::isPattern);
    return names;
  }

  /**
   * Checks that the classes named are there and of the right kind; runs none of their code.
   *
   * @throws InvalidOptionException listing every violation
   */
  public void requireClasses(ClassLoader loader) {
    List<String> violations = new ArrayList<>();
    new TreeMap<>(caches)
        .forEach(
            (name, settings) ->
                violations.addAll(
                    settings.violations(ProviderOptions.PREFIX + name + ".", loader)));
    if (!violations.isEmpty()) {
      throw new InvalidOptionException(
          (violations.size() == 1 ? "Invalid option: " : violations.size() + " invalid options: ")
              + String.join("; ", violations));
    }
  }

  private static boolean isPattern(String name) {
    return name.indexOf('*') >= 0;
  }

  private static int literals(String pattern) {
    return (int) pattern.chars().filter(character -> character != '*').count();
  }

  /** Matches by the pieces between stars: the first at the start, the last at the end, the others in between. */
  static boolean matches(String pattern, String name) {
    String[] pieces = pattern.split("\\*", -1);
    String last = pieces[pieces.length - 1];
    if (!name.startsWith(pieces[0])) {
      return false;
    }
    int from = pieces[0].length();
    for (int index = 1; index < pieces.length - 1; index++) {
      int found = name.indexOf(pieces[index], from);
      if (found < 0) {
        return false;
      }
      from = found + pieces[index].length();
    }
    return name.length() - last.length() >= from && name.endsWith(last);
  }
}
