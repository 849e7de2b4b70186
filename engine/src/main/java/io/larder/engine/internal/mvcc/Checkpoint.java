package io.larder.engine.internal.mvcc;

import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.wal.LogInspector.FrameVisitor;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A state of a database on disk whose files stay where they are until closed: everything up to one sequence number, as
 * tables and the end of the log. Used by one thread, while others write on.
 */
public interface Checkpoint extends AutoCloseable {
  /** Returns where its files are. */
  FileSystem fileSystem();

  /** Returns the clock of the database. */
  Clock clock();

  /** Returns the directory of the database. */
  Path directory();

  /** Returns the id in all its files. */
  long databaseId();

  /**
   * Returns tables, keyspaces and numbers of the state. The flushed sequence is what the tables hold; the log floor
   * is the number of the newest segment.
   */
  Version version();

  /** Returns the last change of the state; no batch straddles it, and all up to it is durable. */
  long sequence();

  /** Returns a time not before the commit of that change, and not after the next one. */
  long timeMillis();

  /** Returns how many batches were committed since the database was opened, for those who watch whether others write. */
  long batchesWritten();

  /** Returns the file of a table of the version. */
  Path tablePath(long fileId);

  /**
   * Hands over the batches that are not in the tables, in order, without gap, up to the sequence. To be called once: the
   * log is let go then, which gives its disk space back.
   */
  void readLog(FrameVisitor visitor) throws IOException;

  @Override
  void close();
}
