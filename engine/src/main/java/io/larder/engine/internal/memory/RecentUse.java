package io.larder.engine.internal.memory;

import io.larder.engine.spi.Evictor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Takes for worth keeping what was used last. Thread-safe, as far as an {@link Evictor} must be.
 *
 * <p>Time is counted in writes, a tick for each thousandth of what fits. A table of ticks by hash, about two slots an
 * entry of 128 bytes, remembers the last use; two keys in one slot both look as fresh as the fresher one. A slot that
 * was not used for 65,536 ticks would look fresh again; by then the whole memory was written over many times.
 */
final class RecentUse implements Evictor {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(short[].class);
  private static final int SLOTS_LEAST = 1 << 10;
  private static final int SLOTS_MOST = 1 << 28;
  private static final int BYTES_PER_SLOT = 64;
  private static final int TICKS_OF_MEMORY = 1024;

  private final short[] lastUses;
  private final int shift;
  private final long bytesPerTick;
  private long writtenBytes;
  private volatile short tick;

  RecentUse(long limitBytes) {
    long wanted = Math.min(SLOTS_MOST, Math.max(SLOTS_LEAST, limitBytes / BYTES_PER_SLOT));
    int slots = Integer.highestOneBit((int) wanted);
    this.lastUses = new short[slots];
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(slots);
    this.bytesPerTick = Math.max(1, limitBytes / TICKS_OF_MEMORY);
  }

  /** Returns what the table takes. */
  long sizeBytes() {
    return (long) lastUses.length * Short.BYTES;
  }

  private int slot(long keyHash) {
    return (int) (keyHash >>> shift);
  }

  @Override
  public void read(int keyspaceId, long keyHash) {
    int slot = slot(keyHash);
    short now = tick;
    if ((short) SLOT.getOpaque(lastUses, slot) != now) { // so that hot entries dirty no cache line
      SLOT.setOpaque(lastUses, slot, now);
    }
  }

  @Override
  public void written(int keyspaceId, long keyHash, int sizeBytes) {
    writtenBytes += sizeBytes;
    if (writtenBytes >= bytesPerTick) {
      writtenBytes = 0;
      tick = (short) (tick + 1); // one thread at a time writes
    }
    SLOT.setOpaque(lastUses, slot(keyHash), tick);
  }

  @Override
  public long worth(int keyspaceId, long keyHash) {
    short last = (short) SLOT.getOpaque(lastUses, slot(keyHash));
    return -((tick - last) & 0xFFFFL);
  }
}
