package io.larder.engine.api;

import java.util.Map;

/**
 * Counters and sizes of an open database, readable without cost for writers.
 *
 * @param values every figure by its dotted name, units last, for example {@code wal.bytes}, {@code wal.syncs},
 *     {@code table.files}, {@code table.bytes}, {@code memtable.bytes}, {@code commits}, {@code
 *     recovery.entries}, {@code recovery.millis}
 */
public record DatabaseStatistics(Map<String, Long> values) {

  /** Creates an immutable copy. */
  public DatabaseStatistics {
    values = Map.copyOf(values);
  }

  /** Returns a figure, or 0 if there is none of that name. */
  public long get(String name) {
    return values.getOrDefault(name, 0L);
  }
}
