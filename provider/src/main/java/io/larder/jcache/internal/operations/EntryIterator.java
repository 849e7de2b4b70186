package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.storage.Scan;
import io.larder.jcache.internal.storage.StoredEntry;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * A walk over a cache. Used by one thread at a time; weakly consistent, pins nothing, and may be left unfinished.
 * Each entry returned is an access and a hit; what has expired or gone meanwhile is skipped.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {
  private final Scan<K, V> scan;
  private final OperationStatistics statistics;
  private final Mutations<K, V> mutations;
  private final Consumer<K> remover;
  private Scan.@Nullable Found<K, V> next;
  private Scan.@Nullable Found<K, V> last;

  /** Creates a walk that removes through the remover. */
  public EntryIterator(CacheParts<K, V> parts, Consumer<K> remover) {
    this.scan = parts.store().scan();
    this.statistics = parts.statistics();
    this.mutations = new Mutations<>(parts);
    this.remover = remover;
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      Scan.Found<K, V> found = scan.next();
      if (found == null) {
        return false;
      }
      StoredEntry<V> current = found.slot().read();
      if (current != null) {
        next = new Scan.Found<>(found.slot(), current);
      }
    }
    return true;
  }

  @Override
  public Cache.Entry<K, V> next() {
    Scan.Found<K, V> found = hasNext() ? next : null;
    if (found == null) {
      throw new NoSuchElementException();
    }
    long start = statistics.start();
    next = null;
    last = found;
    V value = found.entry().value();
    mutations.accessed(found.slot(), found.entry());
    statistics.lookup(true);
    statistics.getEnded(start);
    return new LarderEntry<>(found.slot().key(), value);
  }

  @Override
  public void remove() {
    if (last == null) {
      throw new IllegalStateException("next was not called, or remove was called already");
    }
    K key = last.slot().key();
    last = null;
    remover.accept(key);
  }
}
