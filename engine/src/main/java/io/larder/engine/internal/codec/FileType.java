package io.larder.engine.internal.codec;

/** What a file is, as its header says. Code numbers are on disk: never change or reuse one. */
public enum FileType {
  /** A segment of the write-ahead log. */
  WAL_SEGMENT(1),
  /** A sorted table. */
  SORTED_TABLE(2),
  /** A manifest: the log of which files are live. */
  MANIFEST(3),
  /** The pointer to the manifest in use. */
  CURRENT(4),
  /** The inventory of a backup. */
  BACKUP_INVENTORY(5),
  /** The seal of a log segment in an archive. */
  ARCHIVED_SEGMENT(6);

  private final int code;

  FileType(int code) {
    this.code = code;
  }

  /** Returns the number on disk. */
  public int code() {
    return code;
  }
}
