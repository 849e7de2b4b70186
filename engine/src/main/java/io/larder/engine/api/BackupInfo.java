package io.larder.engine.api;

import java.nio.file.Path;
import java.time.Instant;

/**
 * What the inventory of a backup says. Immutable.
 *
 * @param name its name
 * @param path its directory or archive file
 * @param databaseId the database it is of
 * @param createdAt when it was made
 * @param sequence the last change it holds
 * @param stateAt the time of its state: every commit until then is in it, and none later
 * @param incremental whether tables were taken over from an earlier backup
 * @param base the name of that backup, or empty; it is not needed to restore this one
 * @param singleFile whether it is one archive file
 * @param files how many files of the database it holds
 * @param bytes their sizes together
 * @param ownBytes of these, what was not taken over or linked, so what the backup added to the disk
 * @param keyspaces how many keyspaces it holds
 */
public record BackupInfo(
    String name,
    Path path,
    long databaseId,
    Instant createdAt,
    long sequence,
    Instant stateAt,
    boolean incremental,
    String base,
    boolean singleFile,
    int files,
    long bytes,
    long ownBytes,
    int keyspaces) {}
