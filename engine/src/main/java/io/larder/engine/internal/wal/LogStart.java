package io.larder.engine.internal.wal;

/**
 * Where a recovery starts reading, as the manifest knows it. An immutable value.
 *
 * @param firstSegment the oldest segment that may hold anything not in tables; it must exist
 * @param flushedSequence everything up to it is in tables
 * @param durableSequence a sequence number known by other means to be in the log or in tables; a log that
 *     ends before it is corrupt
 */
public record LogStart(long firstSegment, long flushedSequence, long durableSequence) {}
