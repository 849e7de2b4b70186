package io.larder.engine.internal.disk;

import io.larder.engine.api.KeyspaceStatistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The tables alive at one moment, as runs, newest first. Immutable but for the number of its holders: the engine
 * while it is the present one, and every cursor opened on it. Thread-safe.
 */
final class TableSet {
  private final SortedRun[] runs;
  private final long newerBytes;
  private final long oldestBytes;
  private final AtomicInteger holders = new AtomicInteger(1);

  /** Creates a set that its creator holds. */
  TableSet(List<SortedRun> runs) {
    this.runs =
        runs.stream()
            .sorted(Comparator.comparingLong(SortedRun::order).reversed())
            .toArray(SortedRun[]::new);
    this.oldestBytes = this.runs.length == 0 ? 0 : this.runs[this.runs.length - 1].bytes();
    this.newerBytes = runs.stream().mapToLong(SortedRun::bytes).sum() - oldestBytes;
    forEach(TableHandle::retain);
  }

  /** Groups tables into runs. */
  static TableSet of(List<TableHandle> tables) {
    Map<Long, List<TableHandle>> byOrder = new TreeMap<>();
    for (TableHandle table : tables) {
      byOrder.computeIfAbsent(table.live().runOrder(), key -> new ArrayList<>()).add(table);
    }
    List<SortedRun> runs = new ArrayList<>();
    byOrder.forEach((order, members) -> runs.add(new SortedRun(order, members)));
    return new TableSet(runs);
  }

  /** Returns a set without some runs and with some others; the caller holds it. */
  TableSet replace(List<SortedRun> removed, List<SortedRun> added) {
    List<SortedRun> changed = new ArrayList<>(List.of(runs));
    changed.removeAll(removed);
    changed.addAll(added);
    return new TableSet(changed);
  }

  /** Returns the bytes of all runs but the oldest. */
  long newerBytes() {
    return newerBytes;
  }

  /** Returns the bytes of the oldest run. */
  long oldestBytes() {
    return oldestBytes;
  }

  SortedRun[] runs() {
    return runs;
  }

  void forEach(Consumer<TableHandle> action) {
    for (SortedRun run : runs) {
      run.tables().forEach(action);
    }
  }

  /** Adds what the tables hold of each keyspace to sums. */
  void addContents(Map<Integer, KeyspaceStatistics> sums) {
    forEach(
        handle ->
            handle
                .table()
                .keyspaces()
                .forEach(
                    each ->
                        sums.merge(
                            each.keyspaceId(),
                            new KeyspaceStatistics(each.entryCount(), each.bytes()),
                            (one, other) ->
                                new KeyspaceStatistics(
                                    one.entriesEstimated() + other.entriesEstimated(),
                                    one.bytesEstimated() + other.bytesEstimated()))));
  }

  /** Becomes a holder, unless the last one has let go already. */
  boolean tryRetain() {
    int count = holders.get();
    while (count != 0) {
      if (holders.compareAndSet(count, count + 1)) {
        return true;
      }
      count = holders.get();
    }
    return false;
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      forEach(TableHandle::release);
    }
  }
}
