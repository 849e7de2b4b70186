package io.larder.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The collections of the JDK that values may be made of, with the code that brings back the same class. All
 * unmodifiable ones share a code: they differ in nothing a program may rely on.
 */
@SuppressWarnings("JdkObsolete") // what was stored as LinkedList comes back as one
final class CollectionKinds {
  /** No collection of these kinds. */
  static final int NONE = -1;

  static final int UNMODIFIABLE = 0;
  private static final int ARRAY_LIST = 1;
  private static final int LINKED_LIST = 2;
  private static final int ARRAYS_AS_LIST = 3;
  private static final int HASH = 1;
  private static final int LINKED_HASH = 2;
  private static final int TREE = 3;

  private static final Class<?> ARRAYS_AS_LIST_CLASS = Arrays.asList(1).getClass();

  private CollectionKinds() {}

  static int ofList(Class<?> type) {
    if (type == ArrayList.class) {
      return ARRAY_LIST;
    } else if (type == LinkedList.class) {
      return LINKED_LIST;
    } else if (type == ARRAYS_AS_LIST_CLASS) {
      return ARRAYS_AS_LIST;
    }
    return isUnmodifiable(type) ? UNMODIFIABLE : NONE;
  }

  static int ofHashed(Object collection) {
    Class<?> type = collection.getClass();
    if (type == HashMap.class || type == HashSet.class) {
      return HASH;
    } else if (type == LinkedHashMap.class || type == LinkedHashSet.class) {
      return LINKED_HASH;
    } else if (type == TreeMap.class) {
      return ((TreeMap<?, ?>) collection).comparator() == null ? TREE : NONE;
    } else if (type == TreeSet.class) {
      return ((TreeSet<?>) collection).comparator() == null ? TREE : NONE;
    }
    return isUnmodifiable(type) ? UNMODIFIABLE : NONE;
  }

  private static boolean isUnmodifiable(Class<?> type) {
    String name = type.getName();
    return name.startsWith("java.util.ImmutableCollections$")
        || name.startsWith("java.util.Collections$Empty")
        || name.startsWith("java.util.Collections$Singleton")
        || name.equals("java.util.Collections$UnmodifiableList")
        || name.equals("java.util.Collections$UnmodifiableRandomAccessList")
        || name.equals("java.util.Collections$UnmodifiableSet")
        || name.equals("java.util.Collections$UnmodifiableMap");
  }

  /** Returns the list of a kind with these elements, or null if there is no such kind. */
  static @Nullable List<@Nullable Object> list(int kind, @Nullable Object[] elements) {
    List<@Nullable Object> view = Arrays.asList(elements);
    return switch (kind) {
      case UNMODIFIABLE -> Collections.unmodifiableList(view);
      case ARRAY_LIST -> new ArrayList<>(view);
      case LINKED_LIST -> new LinkedList<>(view);
      case ARRAYS_AS_LIST -> view;
      default -> null;
    };
  }

  /** Returns an empty set to fill, or null if there is no such kind. */
  static @Nullable Set<@Nullable Object> newSet(int kind) {
    return switch (kind) {
      case HASH -> new HashSet<>();
      case UNMODIFIABLE, LINKED_HASH -> new LinkedHashSet<>();
      case TREE -> new TreeSet<>();
      default -> null;
    };
  }

  /** Returns an empty map to fill, or null if there is no such kind. */
  static @Nullable Map<@Nullable Object, @Nullable Object> newMap(int kind) {
    return switch (kind) {
      case HASH -> new HashMap<>();
      case UNMODIFIABLE, LINKED_HASH -> new LinkedHashMap<>();
      case TREE -> new TreeMap<>();
      default -> null;
    };
  }

  /** Returns a collection as an instance of a declared type, or null where that is none of these kinds. */
  static @Nullable Object as(Class<?> declared, Collection<?> elements) {
    if (declared.isInstance(elements)) {
      return elements;
    } else if (declared.isAssignableFrom(ArrayList.class)) {
      return new ArrayList<>(elements);
    } else if (declared == LinkedList.class) {
      return new LinkedList<>(elements);
    } else if (declared.isAssignableFrom(LinkedHashSet.class)) {
      return new LinkedHashSet<>(elements);
    } else if (declared.isAssignableFrom(TreeSet.class)) {
      return new TreeSet<>(elements);
    }
    return null;
  }

  /** Returns a map as an instance of a declared type, or null where that is none of these kinds. */
  static @Nullable Object as(Class<?> declared, Map<?, ?> entries) {
    if (declared.isInstance(entries)) {
      return entries;
    } else if (declared.isAssignableFrom(LinkedHashMap.class)) {
      return new LinkedHashMap<>(entries);
    } else if (declared.isAssignableFrom(TreeMap.class)) {
      return new TreeMap<>(entries);
    }
    return null;
  }
}
