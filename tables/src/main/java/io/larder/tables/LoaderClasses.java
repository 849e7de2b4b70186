package io.larder.tables;

import io.larder.engine.api.CorruptionException;
import io.larder.tables.internal.serial.AllowedClasses;
import io.larder.tables.internal.serial.RefusedClassException;
import io.larder.tables.internal.serial.SafeSerialization;
import io.larder.tables.internal.shape.RowClass;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What JCache reads: objects of the classes that are allowed, from the class loader of the cache. */
final class LoaderClasses implements ClassSource {
  private final ClassLoader loader;
  private final AllowedClasses allowed;
  private final String place;
  private final String configured;

  LoaderClasses(ClassLoader loader, KnownClasses known, String place, Class<?>... configured) {
    this.loader = loader;
    this.allowed = AllowedClasses.of(known::allows, configured);
    this.place = place;
    this.configured =
        Arrays.stream(configured).map(Class::getTypeName).distinct().toList().toString();
  }

  @Override
  public @Nullable Class<?> find(String className, Class<?> expected) {
    if (className.equals(expected.getName())) {
      return expected;
    }
    Class<?> found;
    try {
      found = Class.forName(className, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      if (isOwnShape(expected)) {
        // The class was renamed: what is configured now takes the fields of its name.
        return expected;
      }
      throw missing(className, e);
    }
    if (expected != Object.class && !expected.isAssignableFrom(found) && isOwnShape(expected)) {
      return expected;
    } else if (!allowed.allows(found)) {
      throw refused(className, null);
    }
    return found;
  }

  private static boolean isOwnShape(Class<?> expected) {
    return expected.isEnum() || RowClass.find(expected).isPresent();
  }

  @Override
  public @Nullable Object object(byte[] stream) {
    try {
      return SafeSerialization.read(stream, loader, allowed);
    } catch (RefusedClassException e) {
      throw refused(e.className(), e);
    } catch (ClassNotFoundException e) {
      throw missing(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CorruptionException(
          place
              + ": a serialized object of class "
              + SafeSerialization.className(stream)
              + " cannot be recreated: "
              + e,
          e);
    }
  }

  private SerializationException missing(String className, Throwable cause) {
    return new SerializationException(
        place
            + ": the class "
            + className
            + " of a stored object is not known to the class loader "
            + loader
            + "; read it as "
            + Row.class.getName()
            + " to see its fields without the class",
        cause);
  }

  private SerializationException refused(String className, @Nullable Throwable cause) {
    String message =
        place
            + ": a stored object is of class "
            + className
            + ", which may not be recreated: it is none of the"
            + " configured types "
            + configured
            + ", nor declared in their fields, nor written by this process. If"
            + " it is yours, configure it as type or allow it with the option "
            + StoreOptions.SERIALIZATION_ALLOW.name()
            + "="
            + className;
    return cause == null
        ? new SerializationException(message)
        : new SerializationException(message, cause);
  }
}
