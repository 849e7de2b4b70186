package io.larder.engine.internal.backup;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.codec.BatchReader;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.manifest.KeyspaceRecord;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.wal.LogInspector.FrameDescription;
import io.larder.engine.internal.wal.LogOptions;
import io.larder.engine.internal.wal.WriteAheadLog;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes batches into a log of its own in another directory, and keeps track of the keyspaces they change. Used by one
 * thread.
 */
final class LogCopy implements AutoCloseable {
  private static final int WRITE_BYTES = 1 << 20;

  private final WriteAheadLog log;
  private final Map<Integer, KeyspaceDefinition> keyspaces;
  private final BatchEncoder encoder = new BatchEncoder();
  private int lastKeyspaceId;
  private long lastSequence;
  private long lastTimeMillis;
  private long waitingBytes;

  /**
   * Creates a copy that goes on after the tables of a version, and makes its log.
   *
   * @param firstNumber the number of its first segment
   */
  LogCopy(
      FileSystem fileSystem,
      Clock clock,
      Path directory,
      LogOptions options,
      Version version,
      long firstNumber) {
    this.keyspaces = new TreeMap<>(version.keyspaces());
    this.lastKeyspaceId = version.lastKeyspaceId();
    this.lastSequence = version.flushedSequence();
    this.log =
        WriteAheadLog.create(fileSystem, clock, directory, options, lastSequence, firstNumber);
  }

  /** Adds a batch, which must be the next one, and returns whether a piece of the log was written. */
  boolean add(FrameDescription frame, BatchReader changes) {
    if (frame.firstSequence() != lastSequence + 1) {
      throw new CorruptionException(
          "found a batch that starts at sequence number "
              + frame.firstSequence()
              + ", expected "
              + (lastSequence + 1));
    }
    encoder.clear();
    while (changes.next()) {
      byte[] value = changes.value();
      if (changes.keyspaceId() == KeyspaceRecord.KEYSPACE_ID) {
        int id = KeyspaceRecord.apply(changes.key(), value, keyspaces);
        lastKeyspaceId = Integer.compareUnsigned(id, lastKeyspaceId) > 0 ? id : lastKeyspaceId;
      }
      if (value == null) {
        encoder.delete(changes.keyspaceId(), changes.key());
      } else {
        encoder.put(changes.keyspaceId(), changes.key(), value, changes.expiresAtMillis());
      }
    }
    log.append(encoder.finish(), frame.firstSequence(), frame.commitTimeMillis());
    lastSequence = frame.lastSequence();
    lastTimeMillis = frame.commitTimeMillis();
    waitingBytes += encoder.length();
    if (waitingBytes < WRITE_BYTES) {
      return false;
    }
    log.await(lastSequence, SyncMode.NONE);
    waitingBytes = 0;
    return true;
  }

  Map<Integer, KeyspaceDefinition> keyspaces() {
    return keyspaces;
  }

  int lastKeyspaceId() {
    return lastKeyspaceId;
  }

  long lastSequence() {
    return lastSequence;
  }

  /** Returns the commit time of the last batch added, 0 if there was none. */
  long lastTimeMillis() {
    return lastTimeMillis;
  }

  /** Makes the log durable and ends it in order. */
  void finish() {
    log.closeForGood();
  }

  /** Gives the files up; does nothing after {@link #finish}. */
  @Override
  public void close() {
    log.abandon();
  }
}
