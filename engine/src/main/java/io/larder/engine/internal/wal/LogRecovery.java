package io.larder.engine.internal.wal;

/**
 * What a recovery found. An immutable value.
 *
 * @param lastSequence the last sequence number of the recovered state
 * @param batches how many batches were handed out
 * @param entries how many changes they had
 * @param bytes how many bytes of log they took
 * @param cleanShutdown whether the log was closed properly
 * @param tornTail where and why reading stopped before the end of a segment, or empty; what follows was
 *     never acknowledged as durable
 * @param lastCommitTimeMillis the commit time of the last batch handed out, 0 if there was none
 * @param closingNumber the next file id that the manifest has at least since the close of the database that ended the log,
 *     or 0
 * @param endedAtMillis the time at which the log was ended in order, if that is known and no closing number is; or 0
 */
public record LogRecovery(
    long lastSequence,
    long batches,
    long entries,
    long bytes,
    boolean cleanShutdown,
    String tornTail,
    long lastCommitTimeMillis,
    long closingNumber,
    long endedAtMillis) {}
