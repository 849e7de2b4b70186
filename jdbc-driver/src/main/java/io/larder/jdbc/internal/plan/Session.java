package io.larder.jdbc.internal.plan;

import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Transaction;
import io.larder.tables.Store;
import org.jspecify.annotations.Nullable;

/** What a plan sees of the connection it runs on. Used by one thread at a time. */
public interface Session {

  /** Returns the tables. */
  Store store();

  /** Returns the connection's open transaction, or null when every statement commits by itself. */
  @Nullable Transaction transaction();

  /** Returns the isolation of the transactions that statements run in. */
  IsolationLevel isolation();

  /** Returns a reader for a single look-up: the transaction, or the newest state. */
  Reader reader();

  /** Opens what a statement that makes several steps reads from; closed with the statement. */
  ReadView openView();

  /** A reader with an end. */
  interface ReadView extends AutoCloseable {

    /** Returns the reader. */
    Reader reader();

    @Override
    void close();
  }
}
