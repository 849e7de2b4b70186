package io.larder.jcache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;

/** Writes down every call; refuses the keys the test names. */
final class RecordingWriter implements CacheWriter<String, String> {
  final List<String> calls = new CopyOnWriteArrayList<>();
  Set<String> refused = Set.of();

  @Override
  public void write(Cache.Entry<? extends String, ? extends String> entry) {
    calls.add("write " + entry);
    refuse(entry.getKey());
  }

  @Override
  public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
    calls.add("writeAll " + new TreeSet<>(entries.stream().map(Object::toString).toList()));
    entries.removeIf(entry -> !refused.contains(entry.getKey()));
    entries.stream().findAny().ifPresent(entry -> refuse(entry.getKey()));
  }

  @Override
  public void delete(Object key) {
    calls.add("delete " + key);
    refuse(key);
  }

  @Override
  public void deleteAll(Collection<?> keys) {
    calls.add("deleteAll " + new TreeSet<>(keys.stream().map(Object::toString).toList()));
    List<?> all = new ArrayList<>(keys);
    keys.removeIf(key -> !refused.contains(key));
    all.forEach(this::refuse);
  }

  private void refuse(Object key) {
    if (refused.contains(key)) {
      throw new UnsupportedOperationException("refused " + key);
    }
  }
}
