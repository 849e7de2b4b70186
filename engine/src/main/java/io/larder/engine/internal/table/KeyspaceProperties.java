package io.larder.engine.internal.table;

/**
 * What a table holds of one keyspace.
 *
 * @param keyspaceId the keyspace's number
 * @param entryCount versions, tombstones included
 * @param deleteCount tombstones
 * @param keyCount distinct keys
 * @param bytes bytes of the versions in the file
 */
public record KeyspaceProperties(
    int keyspaceId, long entryCount, long deleteCount, long keyCount, long bytes) {}
