package io.larder.jcache;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.cache.integration.CacheLoader;

/** Loads what the test says, and writes down the keys it was asked for. */
final class RecordingLoader implements CacheLoader<String, String> {
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile UnaryOperator<String> source = key -> "loaded " + key;

  @Override
  public String load(String key) {
    asked.add(key);
    return source.apply(key);
  }

  @Override
  public Map<String, String> loadAll(Iterable<? extends String> keys) {
    Map<String, String> loaded = new HashMap<>();
    keys.forEach(key -> loaded.put(key, load(key)));
    return Collections.unmodifiableMap(loaded);
  }

  /** Throws a checked exception where none is declared, as Kotlin would. */
  @SuppressWarnings({ // the cast never happens, and throwing is what it is for
    "unchecked",
    "TypeParameterUnusedInFormals",
    "DoNotCallSuggester"
  })
  static <T, X extends Throwable> T sneak(Throwable checked) throws X {
    throw (X) checked;
  }
}
