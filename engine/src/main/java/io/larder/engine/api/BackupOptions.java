package io.larder.engine.api;

/**
 * How a backup is made. Immutable.
 *
 * @param incremental whether tables that the newest backup of the same database in the same place has already are
 *     taken over from it, so that they take no space: into a directory by hard link, so that each backup is complete
 *     all the same; an archive file leaves them out and needs the backups that hold them, which pruning keeps
 * @param linking whether tables are hard-linked from the database instead of copied, where both are on one file
 *     system; that takes no time and no space, but a damaged sector is then damaged in both
 * @param singleFile whether the backup is one archive file instead of a directory
 * @param name its name, or empty for one made of the time
 */
public record BackupOptions(boolean incremental, boolean linking, boolean singleFile, String name) {
  private static final BackupOptions FULL = new BackupOptions(false, false, false, "");

  /** Returns options for a copy of everything into a directory. */
  public static BackupOptions full() {
    return FULL;
  }

  /** Returns these options with or without taking over what an earlier backup has. */
  public BackupOptions withIncremental(boolean on) {
    return new BackupOptions(on, linking, singleFile, name);
  }

  /** Returns these options with or without hard links to the database's own tables. */
  public BackupOptions withLinking(boolean on) {
    return new BackupOptions(incremental, on, singleFile, name);
  }

  /** Returns these options for one archive file, or a directory. */
  public BackupOptions withSingleFile(boolean on) {
    return new BackupOptions(incremental, linking, on, name);
  }

  /** Returns these options with a name: letters, digits, dots, hyphens and underscores. */
  public BackupOptions withName(String given) {
    return new BackupOptions(incremental, linking, singleFile, given);
  }
}
