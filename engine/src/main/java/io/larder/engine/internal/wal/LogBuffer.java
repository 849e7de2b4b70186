package io.larder.engine.internal.wal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Frames that are appended and not yet written: one chunk for each stretch of a segment. Not
 * thread-safe; guarded by the log's append lock.
 *
 * <p>Buffers go round between appenders and leader, so steady work allocates nothing.
 */
final class LogBuffer {
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int POOLED_MAX = 2;
  private static final int POOLED_BYTES_MAX = 4 << 20;

  private final Deque<ByteBuffer> pool = new ArrayDeque<>();
  private List<Chunk> chunks = new ArrayList<>();

  /** Consecutive frames of one segment. */
  static final class Chunk {
    final LogSegment segment;
    final long position;
    final long firstSequence;
    ByteBuffer frames;
    long lastSequence;

    Chunk(LogSegment segment, long position, long firstSequence, ByteBuffer frames) {
      this.segment = segment;
      this.position = position;
      this.firstSequence = firstSequence;
      this.frames = frames;
    }
  }

  /** Returns a chunk with room for a frame that goes to the given place. */
  Chunk chunkFor(LogSegment segment, long position, long firstSequence, long frameBytes) {
    Chunk last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
    if (last != null && last.segment == segment && last.frames.remaining() >= frameBytes) {
      return last;
    }
    // A full chunk is followed by another one rather than copied into a larger one.
    Chunk added = new Chunk(segment, position, firstSequence, buffer(frameBytes));
    chunks.add(added);
    return added;
  }

  /** Hands over all chunks, in order. */
  List<Chunk> take() {
    List<Chunk> taken = chunks;
    chunks = new ArrayList<>();
    return taken;
  }

  boolean isEmpty() {
    return chunks.isEmpty();
  }

  /** Takes back the buffers of chunks that were written. */
  void giveBack(List<Chunk> written) {
    for (Chunk chunk : written) {
      if (pool.size() < POOLED_MAX && chunk.frames.capacity() <= POOLED_BYTES_MAX) {
        pool.push(chunk.frames.clear());
      }
    }
  }

  private ByteBuffer buffer(long frameBytes) {
    ByteBuffer pooled = pool.poll();
    if (pooled != null && pooled.capacity() >= frameBytes) {
      return pooled;
    }
    return ByteBuffer.allocateDirect((int) Math.max(CHUNK_BYTES, frameBytes));
  }
}
