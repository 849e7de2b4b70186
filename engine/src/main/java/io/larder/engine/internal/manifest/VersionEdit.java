package io.larder.engine.internal.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * A step from one {@link Version} to the next, durable as a whole or not at all. Built and read by one thread.
 *
 * <p>Numbers that are not set (0) leave the version's as they are, and none of them ever goes down.
 */
public final class VersionEdit {
  final List<KeyspaceDefinition> keyspacesSet = new ArrayList<>();
  final List<Integer> keyspacesDropped = new ArrayList<>();
  final List<LiveTable> tablesAdded = new ArrayList<>();
  final List<Long> tablesRemoved = new ArrayList<>();
  int lastKeyspaceId;
  long logFloor;
  long flushedSequence;
  long durableSequence;
  long highestClockMillis;
  long nextFileId;

  /** Sets a keyspace's definition, new or changed. */
  public VersionEdit setKeyspace(KeyspaceDefinition definition) {
    keyspacesSet.add(definition);
    return this;
  }

  /** Drops a keyspace. */
  public VersionEdit dropKeyspace(int handleId) {
    keyspacesDropped.add(handleId);
    return this;
  }

  /** Sets the highest number any keyspace ever had. */
  public VersionEdit lastKeyspaceId(int id) {
    lastKeyspaceId = id;
    return this;
  }

  /** Adds a table. */
  public VersionEdit addTable(LiveTable table) {
    tablesAdded.add(table);
    return this;
  }

  /** Removes a table. */
  public VersionEdit removeTable(long fileId) {
    tablesRemoved.add(fileId);
    return this;
  }

  /** Sets the first segment of the log that is still needed. */
  public VersionEdit logFloor(long segment) {
    logFloor = segment;
    return this;
  }

  /** Sets the last change that is in tables, with everything before it. */
  public VersionEdit flushedSequence(long sequence) {
    flushedSequence = sequence;
    return this;
  }

  /** Sets a change up to which the log is known to be durable. */
  public VersionEdit durableSequence(long sequence) {
    durableSequence = sequence;
    return this;
  }

  /** Sets the highest time seen. */
  public VersionEdit highestClockMillis(long millis) {
    highestClockMillis = millis;
    return this;
  }

  /** Sets the number the next new file gets. */
  public VersionEdit nextFileId(long fileId) {
    nextFileId = fileId;
    return this;
  }
}
