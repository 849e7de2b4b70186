package io.larder.tables;

/**
 * A table that nobody sees yet: filled beside the others, then published whole under its name. Not thread-safe; whoever
 * staged it closes it, which drops it unless it was published.
 *
 * <p>A process that dies before {@link #publish} leaves nothing of it behind: the next opening drops what was staged.
 * One that dies while publishing is finished by the next opening, or not begun: of an old table and the new one
 * there is always exactly one, whole.
 */
public final class StagedTable implements AutoCloseable {
  private final SharedStore store;
  private final String keyspaceName;
  private final Table table;
  private boolean done;

  StagedTable(SharedStore store, String keyspaceName, Table table) {
    this.store = store;
    this.keyspaceName = keyspaceName;
    this.table = table;
  }

  /** Returns the table to be filled; it goes on being good under its name once published. */
  public Table table() {
    return table;
  }

  /**
   * Makes everything written to it durable and gives the table its name.
   *
   * @param replacing whether a table that has the name is dropped, together with what is in it
   * @throws TableExistsException if the name is taken, and not to be replaced or not a table's
   */
  public Table publish(boolean replacing) {
    if (done) {
      throw new IllegalStateException("the staged " + table + " was published or closed before");
    }
    Table published = store.publish(keyspaceName, table, replacing);
    done = true;
    return published;
  }

  /** Drops the table if it was not published; does nothing the second time. */
  @Override
  public void close() {
    if (!done) {
      done = true;
      store.discard(keyspaceName);
    }
  }
}
