package io.larder.jdbc.internal.plan;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiled statements of one database by their text. Thread-safe. A plan of an older schema version is
 * never returned. Bounded: when full, a part of the entries is dropped, whichever come first.
 */
public final class PlanCache {
  private record Cached(Plan plan, long schemaVersion) {}

  private final ConcurrentHashMap<String, Cached> plans = new ConcurrentHashMap<>();
  private final int limit;

  /** Creates a cache for at most that many plans. */
  public PlanCache(int limit) {
    this.limit = limit;
  }

  /** Returns the plan of a text for a schema version, or null. */
  public @Nullable Plan find(String sql, long schemaVersion) {
    Cached cached = plans.get(sql);
    return cached == null || cached.schemaVersion != schemaVersion ? null : cached.plan;
  }

  /** Remembers a plan. */
  public void put(String sql, long schemaVersion, Plan plan) {
    if (plans.size() >= limit) {
      dropSome();
    }
    plans.put(sql, new Cached(plan, schemaVersion));
  }

  private void dropSome() {
    Iterator<String> texts = plans.keySet().iterator();
    for (int dropped = 0; dropped <= limit / 4 && texts.hasNext(); dropped++) {
      texts.next();
      texts.remove();
    }
  }
}
