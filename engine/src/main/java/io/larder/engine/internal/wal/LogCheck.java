package io.larder.engine.internal.wal;

import io.larder.engine.api.StorageException;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;

/** Whether a log nobody has open is whole. Stateless. */
public final class LogCheck {
  private LogCheck() {}

  /**
   * Reads a log as a recovery would, and changes nothing.
   *
   * @throws io.larder.engine.api.CorruptionException if something that was durable is damaged or missing
   * @throws StorageException if the machine refuses a read
   */
  public static LogRecovery check(
      FileSystem fileSystem,
      Path directory,
      LogOptions options,
      LogStart start,
      BatchConsumer consumer) {
    try {
      LogReader reader =
          new LogReader(
              fileSystem,
              options,
              start,
              SegmentFiles.segments(fileSystem, directory).tailMap(start.firstSegment()));
      reader.read(consumer);
      return reader.result();
    } catch (IOException e) {
      throw new StorageException(directory + ": cannot read the log: " + e.getMessage(), e);
    }
  }
}
