package io.larder.tables.internal.serial;

import java.util.Set;

/**
 * Classes of the JDK that may always be recreated: values, and collections of what is allowed itself. None of them
 * runs code of others while it is read, but for {@code hashCode}, {@code equals} and {@code compareTo} of
 * elements that are allowed. Left out on purpose: URL (looks up hosts), PriorityQueue and comparators (start of
 * known attacks), proxies, lambdas, class references.
 */
final class JdkValues {
  private static final Set<String> PACKAGES =
      Set.of("java.math", "java.time", "java.util.concurrent.atomic");

  private static final Set<String> LANG =
      Set.of(
          "Object",
          "Boolean",
          "Byte",
          "Short",
          "Integer",
          "Long",
          "Float",
          "Double",
          "Character",
          "String",
          "Number",
          "Enum",
          "StringBuilder");

  private static final Set<String> UTIL =
      Set.of(
          "AbstractCollection",
          "AbstractList",
          "AbstractMap",
          "AbstractSet",
          "AbstractSequentialList",
          "ArrayDeque",
          "ArrayList",
          "Arrays$ArrayList",
          "BitSet",
          "Calendar",
          "CollSer",
          "Collections$CopiesList",
          "Collections$EmptyList",
          "Collections$EmptyMap",
          "Collections$EmptySet",
          "Collections$SetFromMap",
          "Collections$SingletonList",
          "Collections$SingletonMap",
          "Collections$SingletonSet",
          "Collections$SynchronizedCollection",
          "Collections$SynchronizedList",
          "Collections$SynchronizedMap",
          "Collections$SynchronizedRandomAccessList",
          "Collections$SynchronizedSet",
          "Collections$UnmodifiableCollection",
          "Collections$UnmodifiableList",
          "Collections$UnmodifiableMap",
          "Collections$UnmodifiableRandomAccessList",
          "Collections$UnmodifiableSet",
          "Collections$UnmodifiableSortedMap",
          "Collections$UnmodifiableSortedSet",
          "Collections$UnmodifiableNavigableMap",
          "Collections$UnmodifiableNavigableSet",
          "Currency",
          "Date",
          "EnumMap",
          "EnumSet$SerializationProxy",
          "GregorianCalendar",
          "HashMap",
          "HashSet",
          "Hashtable",
          "IdentityHashMap",
          "LinkedHashMap",
          "LinkedHashSet",
          "LinkedList",
          "Locale",
          "Map$Entry",
          "AbstractMap$SimpleEntry",
          "AbstractMap$SimpleImmutableEntry",
          "Properties",
          "SimpleTimeZone",
          "Stack",
          "TimeZone",
          "TreeMap",
          "TreeSet",
          "UUID",
          "Vector",
          "concurrent.ConcurrentHashMap",
          "concurrent.ConcurrentHashMap$Segment",
          "concurrent.ConcurrentLinkedDeque",
          "concurrent.ConcurrentLinkedQueue",
          "concurrent.ConcurrentSkipListMap",
          "concurrent.ConcurrentSkipListSet",
          "concurrent.CopyOnWriteArrayList",
          "concurrent.CopyOnWriteArraySet",
          "concurrent.TimeUnit",
          "concurrent.locks.AbstractOwnableSynchronizer",
          "concurrent.locks.AbstractQueuedSynchronizer",
          "concurrent.locks.ReentrantLock",
          "concurrent.locks.ReentrantLock$NonfairSync",
          "concurrent.locks.ReentrantLock$Sync");

  private static final Set<String> OTHERS =
      Set.of(
          "java.net.URI",
          "java.sql.Date",
          "java.sql.Time",
          "java.sql.Timestamp",
          "sun.util.calendar.ZoneInfo");

  private JdkValues() {}

  static boolean contains(Class<?> type) {
    String name = type.getName();
    if (name.startsWith("java.lang.")) {
      return LANG.contains(name.substring("java.lang.".length()));
    } else if (name.startsWith("java.util.")
        && UTIL.contains(name.substring("java.util.".length()))) {
      return true;
    }
    String packageName = type.getPackageName();
    return PACKAGES.contains(packageName)
        || packageName.startsWith("java.time.")
        || OTHERS.contains(name);
  }
}
