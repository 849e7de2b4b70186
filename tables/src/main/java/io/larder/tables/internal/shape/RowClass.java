package io.larder.tables.internal.shape;

import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A class whose objects are rows: its fields, and handles to read them and to make an object of them. Immutable and
 * thread-safe; one for each class, kept with the class and gone with it.
 */
public final class RowClass {
  private static final ClassValue<Optional<RowClass>> KNOWN =
      new ClassValue<>() {
        @Override
        protected Optional<RowClass> computeValue(Class<?> type) {
          return RowClassAnalysis.analyse(type);
        }
      };

  /**
   * A field of a row class.
   *
   * @param name the name of the record component or field
   * @param type its declared type
   * @param getter reads it, of type {@code (Object)Object}
   * @param setter writes it, of type {@code (Object,Object)void}; null in records
   */
  record RowField(String name, Class<?> type, MethodHandle getter, @Nullable MethodHandle setter) {}

  private final Class<?> type;
  private final List<String> names;
  private final Class<?>[] types;
  private final MethodHandle[] getters;
  private final @Nullable MethodHandle[] setters;
  private final MethodHandle constructor;
  private final boolean canonical;

  /**
   * @param constructor {@code (Object[])Object} of all values if canonical, else {@code ()Object}
   */
  RowClass(Class<?> type, List<RowField> fields, MethodHandle constructor, boolean canonical) {
    this.type = type;
    this.names = fields.stream().map(RowField::name).toList();
    this.types = fields.stream().map(RowField::type).toArray(Class<?>[]::new);
    this.getters = fields.stream().map(RowField::getter).toArray(MethodHandle[]::new);
    this.setters = fields.stream().map(RowField::setter).toArray(MethodHandle[]::new);
    this.constructor = constructor;
    this.canonical = canonical;
  }

  /** Returns what is known of a class if its objects are rows. */
  public static Optional<RowClass> find(Class<?> type) {
    return KNOWN.get(type);
  }

  /** Returns the class. */
  public Class<?> type() {
    return type;
  }

  /** Returns the names of the fields in order. */
  public List<String> names() {
    return names;
  }

  /** Returns the number of fields. */
  public int size() {
    return getters.length;
  }

  /** Returns the declared type of a field. */
  public Class<?> fieldType(int field) {
    return types[field];
  }

  /** Returns the value of a field of an object of this class; what an accessor throws passes through. */
  public @Nullable Object get(Object object, int field) {
    try {
      return (Object) getters[field].invokeExact(object);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(
          "reading field " + names.get(field) + " of " + type.getName(), e);
    }
  }

  /**
   * Makes an object of values for all fields, each of its field's type or null; a field marked absent in a bean keeps
   * what it is born with. What a record's constructor throws passes through.
   */
  public Object create(@Nullable Object[] values, boolean[] present) {
    try {
      if (canonical) {
        return (Object) constructor.invokeExact(values);
      }
      Object object = (Object) constructor.invokeExact();
      for (int i = 0; i < values.length; i++) {
        MethodHandle setter = setters[i];
        if (present[i] && setter != null) {
          setter.invokeExact(object, values[i]);
        }
      }
      return object;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("making an object of " + type.getName(), e);
    }
  }
}
