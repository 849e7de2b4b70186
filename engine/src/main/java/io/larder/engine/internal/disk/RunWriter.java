package io.larder.engine.internal.disk;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.table.TableMetadata;
import io.larder.engine.internal.table.TableWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tables of one run, cut between keys at a size, and wherever a table lies that the run keeps, since the
 * tables of a run may not overlap. Used by one thread; closed without {@link #finish} it deletes what it wrote.
 */
final class RunWriter implements AutoCloseable {
  /** Each key takes some 40 bytes of memory while its table is written, so small entries make smaller tables. */
  private static final long TABLE_KEYS_MAX = 1 << 20;

  private final TableFiles files;
  private final long runOrder;

  /** The tables the run keeps that are still ahead, by their first keys. */
  private final Deque<TableMetadata> ahead;

  private final List<TableHandle> written = new ArrayList<>();
  private @Nullable TableWriter writer;
  private boolean finished;

  /** The key the present table must not end in the middle of; set once the table is large enough. */
  private byte @Nullable [] lastKey;

  private int lastKeyspaceId;

  /**
   * Creates a writer of tables between those the run keeps.
   *
   * @param kept tables of the run that stay, in any order; no entry added lies within one
   */
  RunWriter(TableFiles files, long runOrder, List<TableHandle> kept) {
    this.files = files;
    this.runOrder = runOrder;
    this.ahead =
        new SortedRun(runOrder, kept)
            .tables().stream()
                .map(TableHandle::metadata)
                .collect(Collectors.toCollection(ArrayDeque::new));
  }

  /** Adds the cursor's current entry, which is above all before it. */
  void add(EntryCursor entry) {
    if (lastKey != null && entry.compareKey(lastKeyspaceId, lastKey) != 0) {
      finishTable();
    }
    passKept(entry);
    TableWriter table = writer;
    if (table == null) {
      table = files.create();
      writer = table;
    }
    table.add(entry);
    if (table.sizeBytes() >= files.tableBytes() || table.keyCount() >= TABLE_KEYS_MAX) {
      lastKeyspaceId = entry.keyspaceId();
      lastKey = entry.key();
    }
  }

  /** Ends the present table where the entry lies behind a table the run keeps. */
  private void passKept(EntryCursor entry) {
    TableMetadata next = ahead.peekFirst();
    while (next != null && entry.compareKey(next.firstKeyspaceId(), next.firstKey()) > 0) {
      finishTable();
      ahead.removeFirst();
      next = ahead.peekFirst();
    }
  }

  private void finishTable() {
    TableWriter table = writer;
    if (table == null) {
      return;
    }
    LiveTable live = new LiveTable(runOrder, table.finish());
    table.close();
    writer = null;
    lastKey = null;
    written.add(files.open(live));
  }

  /** Returns the tables, durable but not listed anywhere yet; none if nothing was added. */
  List<TableHandle> finish() {
    finishTable();
    finished = true;
    return written;
  }

  @Override
  public void close() {
    if (finished) {
      return;
    }
    if (writer != null) {
      writer.close();
    }
    discard(written);
  }

  /** Gives tables up that nothing lists. */
  static void discard(List<TableHandle> tables) {
    for (TableHandle table : tables) {
      table.markObsolete();
      table.retain();
      table.release();
    }
  }
}
