package io.larder.engine.api;

import java.nio.ByteBuffer;

/**
 * Reads an entry where it is stored, without a copy. Called at most once a read, by the thread that reads.
 *
 * <p>Requires: it is quick, since storage is pinned meanwhile; it neither writes to the database nor closes it;
 * it keeps neither the buffer nor a view of it.
 *
 * @param <R> what it makes of an entry
 */
@FunctionalInterface
public interface EntryReader<R> {

  /**
   * Makes something of an entry. What it throws reaches whoever asked for the read.
   *
   * @param value the value, from position 0 to the limit; read-only, and its content is undefined after the return
   * @param expiresAtMillis absolute expiry in milliseconds since the epoch, 0 = never
   * @param sequence the commit sequence number that wrote the entry, 0 for a transaction's own change
   */
  R read(ByteBuffer value, long expiresAtMillis, long sequence);
}
