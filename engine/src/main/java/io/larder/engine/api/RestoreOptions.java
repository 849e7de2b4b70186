package io.larder.engine.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is restored, and where to. Immutable.
 *
 * @param target the directory that is to be the database: it must be missing or empty, unless it is replaced
 * @param backup the name of the backup, or empty for the newest one that the point allows
 * @param point the moment
 * @param logArchive where the archived log is, or null without one
 * @param liveLog the directory of the database the backup is of, whose log goes on where the archive ends, or null
 * @param replacing whether a database in the target may be replaced; it is kept as a recovery point
 */
public record RestoreOptions(
    Path target,
    String backup,
    RestorePoint point,
    @Nullable Path logArchive,
    @Nullable Path liveLog,
    boolean replacing) {

  /** Returns options for the newest backup as it is. */
  public static RestoreOptions to(Path target) {
    return new RestoreOptions(target, "", RestorePoint.ofBackup(), null, null, false);
  }

  /** Returns these options with a backup by name. */
  public RestoreOptions withBackup(String name) {
    return new RestoreOptions(target, name, point, logArchive, liveLog, replacing);
  }

  /** Returns these options with another moment. */
  public RestoreOptions withPoint(RestorePoint moment) {
    return new RestoreOptions(target, backup, moment, logArchive, liveLog, replacing);
  }

  /** Returns these options with an archived log, or without one. */
  public RestoreOptions withLogArchive(@Nullable Path directory) {
    return new RestoreOptions(target, backup, point, directory, liveLog, replacing);
  }

  /** Returns these options with the log of the database itself, or without it. */
  public RestoreOptions withLiveLog(@Nullable Path directory) {
    return new RestoreOptions(target, backup, point, logArchive, directory, replacing);
  }

  /** Returns these options with or without the right to replace a database in the target. */
  public RestoreOptions withReplacing(boolean on) {
    return new RestoreOptions(target, backup, point, logArchive, liveLog, on);
  }
}
