package io.larder.tables.internal.serial;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The classes that bytes may become, for one cache: values of the JDK; the configured types, what their fields
 * declare, and subtypes of those; and whatever else a given rule names. Immutable and thread-safe, as the rule is.
 */
public final class AllowedClasses {
  private static final int REACHED_MAX = 10_000;

  private final Set<Class<?>> reached;
  private final Predicate<String> others;

  private AllowedClasses(Set<Class<?>> reached, Predicate<String> others) {
    this.reached = reached;
    this.others = others;
  }

  /** Returns the list for configured types and a rule that allows further names. */
  public static AllowedClasses of(Predicate<String> others, Class<?>... configured) {
    Set<Class<?>> reached = new LinkedHashSet<>();
    Deque<Type> waiting = new ArrayDeque<>();
    for (Class<?> type : configured) {
      waiting.add(type);
    }
    while (!waiting.isEmpty() && reached.size() < REACHED_MAX) {
      reach(waiting.remove(), reached, waiting);
    }
    return new AllowedClasses(Set.copyOf(reached), others);
  }

  /** Returns whether an object of a class may be recreated; an array may if its elements may. */
  public boolean allows(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return element.isPrimitive()
        || JdkValues.contains(element)
        || reached.contains(element)
        || others.test(element.getName())
        || isSubtypeOfReached(element);
  }

  private boolean isSubtypeOfReached(Class<?> type) {
    for (Class<?> declared : reached) {
      if (declared.isAssignableFrom(type)) {
        return true;
      }
    }
    return false;
  }

  private static void reach(Type type, Set<Class<?>> reached, Deque<Type> waiting) {
    if (type instanceof ParameterizedType parameterized) {
      waiting.add(parameterized.getRawType());
      addAll(waiting, parameterized.getActualTypeArguments());
    } else if (type instanceof WildcardType wildcard) {
      addAll(waiting, wildcard.getUpperBounds());
    } else if (type instanceof GenericArrayType array) {
      waiting.add(array.getGenericComponentType());
    } else if (type instanceof Class<?> declared) {
      reachClass(declared, reached, waiting);
    }
  }

  private static void reachClass(Class<?> type, Set<Class<?>> reached, Deque<Type> waiting) {
    if (type.isArray()) {
      waiting.add(type.getComponentType());
    } else if (!type.isPrimitive() && !isPlatform(type) && reached.add(type)) {
      Type superclass = type.getGenericSuperclass();
      if (superclass != null) {
        waiting.add(superclass);
      }
      addAll(waiting, type.getPermittedSubclasses());
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())
            && !Modifier.isTransient(field.getModifiers())) {
          waiting.add(field.getGenericType());
        }
      }
      RecordComponent[] components = type.getRecordComponents();
      if (components != null) {
        for (RecordComponent component : components) {
          waiting.add(component.getGenericType());
        }
      }
    }
  }

  /** Classes of the platform are no statement about what an application needs. */
  private static boolean isPlatform(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private static void addAll(
      Deque<Type> waiting, Type @org.jspecify.annotations.Nullable [] types) {
    if (types != null) {
      waiting.addAll(java.util.List.of(types));
    }
  }
}
