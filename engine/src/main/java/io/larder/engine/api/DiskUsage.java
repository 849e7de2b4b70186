package io.larder.engine.api;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a database takes on disk, by kind of file and by keyspace. Immutable and thread-safe; taken while files come
 * and go, so it is as exact as a listing of a directory in use can be.
 *
 * @param kinds the files by kind; kinds without a file are left out
 * @param keyspaces the bytes of each keyspace in tables, in the order of the names
 * @param abandonedBytes bytes in tables of keyspaces that were dropped or cleared; the next merges return them
 */
public record DiskUsage(
    Map<Kind, Files> kinds, List<KeyspaceBytes> keyspaces, long abandonedBytes) {

  /** What a file is for. */
  public enum Kind {
    /** A sorted table. */
    TABLE,
    /** A segment of the write-ahead log. */
    LOG,
    /** A segment that waits to be used again. */
    LOG_SPARE,
    /** A manifest, or the pointer to it. */
    MANIFEST,
    /** The lock file, and files that are being replaced. */
    OTHER,
    /** A file that is not the database's. */
    FOREIGN
  }

  /** Creates an immutable copy. */
  public DiskUsage {
    Map<Kind, Files> copy = new EnumMap<>(Kind.class);
    copy.putAll(kinds);
    kinds = Collections.unmodifiableMap(copy);
    keyspaces = List.copyOf(keyspaces);
  }

  /** Returns the bytes of all files that are the database's. */
  public long totalBytes() {
    return kinds.entrySet().stream()
        .filter(each -> each.getKey() != Kind.FOREIGN)
        .mapToLong(each -> each.getValue().bytes())
        .sum();
  }

  /** Returns the bytes of the files of a kind. */
  public long bytes(Kind kind) {
    Files files = kinds.get(kind);
    return files == null ? 0 : files.bytes();
  }

  /**
   * Files of one kind.
   *
   * @param count how many
   * @param bytes their sizes together
   */
  public record Files(int count, long bytes) {}

  /**
   * A keyspace in tables.
   *
   * @param name its name
   * @param bytes bytes of its versions in tables, without indexes and filters; what is in memory is not counted
   * @param entries its versions in tables, shadowed and deleted ones included
   */
  public record KeyspaceBytes(String name, long bytes, long entries) {}
}
