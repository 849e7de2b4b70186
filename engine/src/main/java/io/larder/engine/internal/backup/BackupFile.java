package io.larder.engine.internal.backup;

/**
 * A file of the database in a backup. Immutable.
 *
 * @param name its name, one of those a database uses
 * @param sizeBytes its size
 * @param checksum CRC-32C of all its bytes
 * @param shared whether it is a hard link, so that it took no space of its own
 * @param heldBy the backup in the same place whose own file it is, if this backup does not have it; otherwise empty
 */
record BackupFile(String name, long sizeBytes, int checksum, boolean shared, String heldBy) {
  static final String TABLE_SUFFIX = ".table";
  static final String LOG_SUFFIX = ".wal";
  static final String SPARE_SUFFIX = ".spare";
  private static final int NUMBER_DIGITS = 16;

  /** Creates a file that the backup holds itself. */
  BackupFile(String name, long sizeBytes, int checksum, boolean shared) {
    this(name, sizeBytes, checksum, shared, "");
  }

  /** Returns this file as one that another backup holds. */
  BackupFile heldBy(String backup) {
    return new BackupFile(name, sizeBytes, checksum, true, backup);
  }

  /** Returns whether the backup has it itself, be it by a hard link. */
  boolean isOwn() {
    return heldBy.isEmpty();
  }

  boolean isTable() {
    return name.endsWith(TABLE_SUFFIX);
  }

  boolean isLog() {
    return name.endsWith(LOG_SUFFIX);
  }

  /** Whether a name is that of a table or a log segment, and so neither a path nor anything else. */
  static boolean isValidName(String name) {
    boolean known = name.endsWith(TABLE_SUFFIX) || name.endsWith(LOG_SUFFIX);
    return known
        && name.indexOf('.') == NUMBER_DIGITS
        && name.lastIndexOf('.') == NUMBER_DIGITS
        && name.chars()
            .limit(NUMBER_DIGITS)
            .allMatch(digit -> digit >= '0' && digit <= '9' || digit >= 'a' && digit <= 'f');
  }
}
