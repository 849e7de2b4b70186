package io.larder.tables.internal.serial;

import java.io.InvalidObjectException;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much work it is to hash what a stream contains. Used by one thread, for one stream.
 *
 * <p>A few hundred bytes can describe sets of sets that refer to each other, such that the hash of the outermost visits
 * 2^100 elements while it is read (Bloch's "deserialization bomb"). So each container of the JDK gets a weight when it
 * has been read: one, and those of its elements, however often they occur. Only what has a small weight is ever hashed
 * by what contains it.
 */
final class ContainerWeights {
  private static final long WEIGHT_ALWAYS_FINE = 1_000_000;
  private static final int WEIGHT_PER_BYTE = 16;

  private final IdentityHashMap<Object, Long> weights = new IdentityHashMap<>();
  private final long most;

  /** Creates the weights of a stream of so many bytes; what is nowhere written twice weighs less than that. */
  ContainerWeights(long bytes) {
    this.most = Math.max(WEIGHT_ALWAYS_FINE, WEIGHT_PER_BYTE * bytes);
  }

  /** Weighs an object that was just read, if it is a container. */
  void check(Object read) throws InvalidObjectException {
    if (read.getClass().getClassLoader() != null && !read.getClass().isArray()) {
      return; // a class of the application that was allowed
    }
    long weight = weigh(read);
    requireFine(read, weight);
    if (weight > 1) {
      weights.put(read, weight);
    }
  }

  private void requireFine(Object read, long weight) throws InvalidObjectException {
    if (weight > most) {
      throw new InvalidObjectException(
          "an object of "
              + read.getClass().getName()
              + " contains "
              + weight
              + " elements, counted as often as they occur in each other; expected at most "
              + most);
    }
  }

  private long weigh(Object read) throws InvalidObjectException {
    long weight = 1;
    if (read instanceof Collection<?> collection) {
      requireFine(
          read, collection.size()); // before the walk: a list of copies is as long as it says
      for (Object element : collection) {
        weight += of(element);
      }
    } else if (read instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        weight += of(entry.getKey()) + of(entry.getValue());
      }
    } else if (read instanceof Map.Entry<?, ?> entry) {
      weight += of(entry.getKey()) + of(entry.getValue());
    } else if (read instanceof Object[] array) {
      for (Object element : array) {
        weight += of(element);
      }
    }
    return weight;
  }

  private long of(@Nullable Object element) {
    Long known = element == null ? null : weights.get(element);
    return known == null ? 1 : known;
  }
}
