package io.larder.tables;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of classes that a store may recreate objects of, beyond what configured types need: those that patterns
 * allow, and those whose objects this process has itself written there, since then nobody else chose them. Thread-safe;
 * one for all handles of a store. Holds names only, so that no class loader is kept.
 */
final class KnownClasses {
  private static final String PACKAGE_AND_BELOW = ".**";
  private static final String PACKAGE = ".*";

  private final Set<String> patterns = ConcurrentHashMap.newKeySet();
  private final Set<String> written = ConcurrentHashMap.newKeySet();

  void allow(List<String> more) {
    patterns.addAll(more);
  }

  void written(String className) {
    if (!written.contains(className)) {
      written.add(className);
    }
  }

  boolean allows(String className) {
    return written.contains(className)
        || patterns.contains(className)
        || patterns.stream().anyMatch(pattern -> matches(pattern, className));
  }

  private static boolean matches(String pattern, String className) {
    if (pattern.endsWith(PACKAGE_AND_BELOW)) {
      return className.startsWith(pattern.substring(0, pattern.length() - 2));
    } else if (pattern.endsWith(PACKAGE)) {
      String prefix = pattern.substring(0, pattern.length() - 1);
      return className.startsWith(prefix) && className.indexOf('.', prefix.length()) < 0;
    }
    return false;
  }
}
