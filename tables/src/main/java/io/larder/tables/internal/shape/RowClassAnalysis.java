package io.larder.tables.internal.shape;

import io.larder.tables.internal.shape.RowClass.RowField;
import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether objects of a class are rows.
 *
 * <p>A record is one, unless it replaces itself on serialization. Another class is one if Java serialization would
 * write exactly its fields: it is serializable with all its superclasses up to the first that is not, and
 * nowhere in between declares how it wants to be serialized. Such an object is recreated as serialization does it:
 * without its constructor, then field by field. Classes of the platform and classes closed to reflection are not
 * rows and go through Java serialization.
 */
final class RowClassAnalysis {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);
  private static final MethodType SETTER =
      MethodType.methodType(void.class, Object.class, Object.class);

  private RowClassAnalysis() {}

  static Optional<RowClass> analyse(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    if (loader == null || loader == ClassLoader.getPlatformClassLoader() || type.isHidden()) {
      return Optional.empty();
    }
    try {
      if (type.isRecord()) {
        return replacesItself(type) ? Optional.empty() : Optional.of(ofRecord(type));
      }
      return isPlainBean(type) ? ofBean(type) : Optional.empty();
    } catch (IllegalAccessException | InaccessibleObjectException | NoSuchMethodException e) {
      return Optional.empty();
    }
  }

  private static RowClass ofRecord(Class<?> type)
      throws IllegalAccessException, NoSuchMethodException {
    List<RowField> fields = new ArrayList<>();
    List<Class<?>> types = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      MethodHandle getter = LOOKUP.unreflect(accessor).asType(GETTER);
      fields.add(new RowField(component.getName(), component.getType(), getter, null));
      types.add(component.getType());
    }
    Constructor<?> canonical = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
    canonical.setAccessible(true);
    MethodHandle constructor =
        LOOKUP
            .unreflectConstructor(canonical)
            .asType(MethodType.genericMethodType(types.size()))
            .asSpreader(Object[].class, types.size());
    return new RowClass(type, fields, constructor, true);
  }

  private static Optional<RowClass> ofBean(Class<?> type) throws IllegalAccessException {
    List<Class<?>> chain = new ArrayList<>();
    for (Class<?> part = type; isSerializable(part); part = part.getSuperclass()) {
      chain.add(0, part);
    }
    List<RowField> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Class<?> part : chain) {
      for (Field field : part.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) || Modifier.isTransient(field.getModifiers())) {
          continue;
        } else if (field.isSynthetic() || !names.add(field.getName())) {
          return Optional.empty();
        }
        field.setAccessible(true);
        fields.add(
            new RowField(
                field.getName(),
                field.getType(),
                LOOKUP.unreflectGetter(field).asType(GETTER),
                LOOKUP.unreflectSetter(field).asType(SETTER)));
      }
    }
    MethodHandle constructor = serializationConstructor(type);
    return constructor == null
        ? Optional.empty()
        : Optional.of(new RowClass(type, fields, constructor, false));
  }

  private static boolean isPlainBean(Class<?> type) {
    boolean candidate =
        Serializable.class.isAssignableFrom(type)
            && !Externalizable.class.isAssignableFrom(type)
            && !Throwable.class.isAssignableFrom(type)
            && !Modifier.isAbstract(type.getModifiers())
            && !type.isEnum()
            && !type.isArray()
            && !type.isInterface();
    if (!candidate || replacesItself(type)) {
      return false;
    }
    for (Class<?> part = type; isSerializable(part); part = part.getSuperclass()) {
      if (part.getClassLoader() == null || declaresItsForm(part)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSerializable(@Nullable Class<?> type) {
    return type != null && Serializable.class.isAssignableFrom(type);
  }

  private static boolean replacesItself(Class<?> type) {
    for (Class<?> part = type; part != null; part = part.getSuperclass()) {
      if (declares(part, "writeReplace") || declares(part, "readResolve")) {
        return true;
      }
    }
    return false;
  }

  private static boolean declaresItsForm(Class<?> type) {
    if (declares(type, "writeObject", ObjectOutputStream.class)
        || declares(type, "readObject", ObjectInputStream.class)
        || declares(type, "readObjectNoData")) {
      return true;
    }
    return Arrays.stream(type.getDeclaredFields())
        .anyMatch(field -> field.getName().equals("serialPersistentFields"));
  }

  private static boolean declares(Class<?> type, String method, Class<?>... parameters) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(
            declared ->
                declared.getName().equals(method)
                    && Arrays.equals(declared.getParameterTypes(), parameters));
  }

  /** Returns what makes an object as Java serialization does, or null where the platform does not offer it. */
  private static @Nullable MethodHandle serializationConstructor(Class<?> type) {
    try {
      // Looked up by name: jdk.unsupported need not be there, and javac warns of its classes.
      Class<?> factoryClass = Class.forName("sun.reflect.ReflectionFactory");
      Object factory = factoryClass.getMethod("getReflectionFactory").invoke(null);
      Object constructor =
          factoryClass
              .getMethod("newConstructorForSerialization", Class.class)
              .invoke(factory, type);
      if (constructor instanceof Constructor<?> found) {
        // Not unreflectConstructor: that would make an object of the class which declares the
        // constructor.
        MethodHandle newInstance =
            LOOKUP
                .findVirtual(
                    Constructor.class,
                    "newInstance",
                    MethodType.methodType(Object.class, Object[].class))
                .asFixedArity()
                .bindTo(found);
        return MethodHandles.insertArguments(newInstance, 0, (Object) new Object[0]);
      }
      return null;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
