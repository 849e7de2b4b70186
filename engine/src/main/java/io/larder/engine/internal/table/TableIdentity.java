package io.larder.engine.internal.table;

/**
 * Which table of which database a file is; in its header, so that swapped and foreign files are recognised.
 *
 * @param databaseId the random number in every file of the database
 * @param fileId the table's number, unique within the database
 */
public record TableIdentity(long databaseId, long fileId) {}
