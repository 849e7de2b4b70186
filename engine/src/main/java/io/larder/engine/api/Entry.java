package io.larder.engine.api;

/**
 * A stored value with what belongs to it. The value array is the caller's own copy.
 *
 * @param value the value bytes
 * @param expiresAtMillis absolute expiry in milliseconds since the epoch, 0 = never
 * @param sequence the commit sequence number that wrote it; grows with every commit
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier on the hot path; compared by nobody
public record Entry(byte[] value, long expiresAtMillis, long sequence) {}
