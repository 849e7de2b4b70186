package io.larder.engine.internal.wal;

/**
 * What a frame's header says. An immutable value.
 *
 * @param length the payload's bytes
 * @param payloadChecksum CRC-32C of the payload
 * @param count how many changes the payload has
 * @param firstSequence the sequence number of the first change
 * @param syncedSequence a sequence number known to be durable when the frame was written
 * @param commitTimeMillis when the batch was committed
 */
record Frame(
    int length,
    int payloadChecksum,
    int count,
    long firstSequence,
    long syncedSequence,
    long commitTimeMillis) {

  /** Returns how many bytes the frame takes with header and padding. */
  long bytes() {
    return SegmentLayout.frameBytes(length);
  }

  /** Returns the sequence number of the last change. */
  long lastSequence() {
    return firstSequence + count - 1;
  }
}
