package io.larder.engine.api;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a restore has done. Immutable.
 *
 * @param backup the backup it started from
 * @param target the database that is there now
 * @param sequence the last change in it
 * @param stateAt the commit time of the last batch that was replayed, or the time of the backup if none was
 * @param files how many tables were restored
 * @param bytes their bytes
 * @param replayedBatches how many batches of the log were replayed after the state of the backup
 * @param logEnded whether the log ended before the moment asked for; if so, what came after is not in it
 * @param recoveryPoint where the database that was replaced is kept, or null if there was none
 */
public record RestoreReport(
    BackupInfo backup,
    Path target,
    long sequence,
    Instant stateAt,
    int files,
    long bytes,
    long replayedBatches,
    boolean logEnded,
    @Nullable Path recoveryPoint) {}
