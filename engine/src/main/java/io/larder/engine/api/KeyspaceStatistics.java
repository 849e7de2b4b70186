package io.larder.engine.api;

/**
 * Sizes of one keyspace.
 *
 * @param entriesEstimated number of entries, expired and shadowed ones not yet compacted included
 * @param bytesEstimated bytes of keys and values, likewise
 */
public record KeyspaceStatistics(long entriesEstimated, long bytesEstimated) {}
