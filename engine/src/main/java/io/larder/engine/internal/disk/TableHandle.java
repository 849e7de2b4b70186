package io.larder.engine.internal.disk;

import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.table.SortedTable;
import io.larder.engine.internal.table.TableMetadata;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An open table with the number of table sets that hold it. Thread-safe. When the last one lets go it is handed to
 * {@code onUnused}, which closes it once no short reader can be inside.
 */
final class TableHandle {
  private final SortedTable table;
  private final LiveTable live;
  private final Consumer<TableHandle> onUnused;
  private final AtomicInteger holders = new AtomicInteger();
  private volatile boolean obsolete;

  TableHandle(SortedTable table, LiveTable live, Consumer<TableHandle> onUnused) {
    this.table = table;
    this.live = live;
    this.onUnused = onUnused;
  }

  SortedTable table() {
    return table;
  }

  TableMetadata metadata() {
    return live.metadata();
  }

  LiveTable live() {
    return live;
  }

  /** Says that the manifest lists it no longer, so that its file goes with the last holder. */
  void markObsolete() {
    obsolete = true;
  }

  boolean isObsolete() {
    return obsolete;
  }

  void retain() {
    holders.incrementAndGet();
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      onUnused.accept(this);
    }
  }
}
