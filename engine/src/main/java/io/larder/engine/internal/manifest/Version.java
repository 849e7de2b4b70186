package io.larder.engine.internal.manifest;

import io.larder.engine.api.CorruptionException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a database consists of at one moment. Immutable; {@link #apply} makes the next.
 *
 * @param keyspaces the keyspaces by handle id
 * @param tables the live tables by file id
 * @param lastKeyspaceId the highest number any keyspace ever had
 * @param logFloor the first segment of the log that is still needed
 * @param flushedSequence the last change that is in tables, with everything before it
 * @param durableSequence a change up to which the log is known to be durable
 * @param highestClockMillis the highest time seen
 * @param nextFileId the number the next new file gets
 */
public record Version(
    Map<Integer, KeyspaceDefinition> keyspaces,
    Map<Long, LiveTable> tables,
    int lastKeyspaceId,
    long logFloor,
    long flushedSequence,
    long durableSequence,
    long highestClockMillis,
    long nextFileId) {
  /** Creates a version; the maps are copied. */
  public Version {
    keyspaces = Collections.unmodifiableMap(new TreeMap<>(keyspaces));
    tables = Collections.unmodifiableMap(new TreeMap<>(tables));
  }

  /** Returns the version of a database in which nothing has happened. */
  public static Version empty() {
    return new Version(Map.of(), Map.of(), 0, 0, 0, 0, 0, 1);
  }

  /**
   * Returns the version an edit leads to.
   *
   * @throws CorruptionException if the edit does not fit this version
   */
  public Version apply(VersionEdit edit) {
    return new Version(
        keyspacesAfter(edit),
        tablesAfter(edit),
        Math.max(lastKeyspaceId, edit.lastKeyspaceId),
        Math.max(logFloor, edit.logFloor),
        Math.max(flushedSequence, edit.flushedSequence),
        Math.max(durableSequence, edit.durableSequence),
        Math.max(highestClockMillis, edit.highestClockMillis),
        Math.max(nextFileId, edit.nextFileId));
  }

  private Map<Integer, KeyspaceDefinition> keyspacesAfter(VersionEdit edit) {
    Map<Integer, KeyspaceDefinition> after = new TreeMap<>(keyspaces);
    for (int handleId : edit.keyspacesDropped) {
      if (after.remove(handleId) == null) {
        throw new CorruptionException(
            "found a drop of the keyspace " + handleId + ", which does not exist");
      }
    }
    for (KeyspaceDefinition keyspace : edit.keyspacesSet) {
      after.put(keyspace.handleId(), keyspace);
    }
    return after;
  }

  private Map<Long, LiveTable> tablesAfter(VersionEdit edit) {
    Map<Long, LiveTable> after = new TreeMap<>(tables);
    for (long fileId : edit.tablesRemoved) {
      if (after.remove(fileId) == null) {
        throw new CorruptionException(
            "found a removal of the table " + fileId + ", which is not live");
      }
    }
    for (LiveTable table : edit.tablesAdded) {
      if (after.put(table.metadata().fileId(), table) != null) {
        throw new CorruptionException(
            "found an addition of the table "
                + table.metadata().fileId()
                + ", which is live already");
      }
    }
    return after;
  }

  /** Returns the version as the bytes of an edit that leads from nothing to it. */
  public byte[] encode() {
    return VersionEditCodec.encode(toEdit());
  }

  /**
   * Reads what {@link #encode} wrote, to the buffer's limit.
   *
   * @throws CorruptionException if it is not that
   */
  public static Version decode(ByteBuffer source) {
    return empty().apply(VersionEditCodec.decode(source));
  }

  /** Returns the edit that leads from nothing to this version. */
  VersionEdit toEdit() {
    VersionEdit edit =
        new VersionEdit()
            .lastKeyspaceId(lastKeyspaceId)
            .logFloor(logFloor)
            .flushedSequence(flushedSequence)
            .durableSequence(durableSequence)
            .highestClockMillis(highestClockMillis)
            .nextFileId(nextFileId);
    keyspaces.values().forEach(edit::setKeyspace);
    tables.values().forEach(edit::addTable);
    return edit;
  }
}
