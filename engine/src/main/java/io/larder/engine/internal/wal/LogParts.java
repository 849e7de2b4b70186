package io.larder.engine.internal.wal;

import io.larder.engine.spi.Clock;

/**
 * What the parts of an open log share. An immutable value.
 *
 * @param clock the time
 * @param options how the log is kept
 * @param files names and reuse of files
 * @param open the segment files that are open
 * @param progress how far it has come
 * @param failure why it takes no writes any more, once that is so
 * @param statistics the counters
 * @param patience how long a leader waits for others
 */
record LogParts(
    Clock clock,
    LogOptions options,
    SegmentFiles files,
    OpenSegments open,
    LogProgress progress,
    LogFailure failure,
    LogStatistics statistics,
    GroupPatience patience) {}
