package io.larder.engine.internal.disk;

import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.mvcc.CommitLog;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.mvcc.PreparedBatch;
import io.larder.engine.internal.wal.WriteAheadLog;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The write-ahead log as the commit pipeline uses it. Thread-safe; keeps a few encoders for reuse. */
final class LogAdapter implements CommitLog<BatchEncoder> {
  private static final int KEPT_ENCODERS = 16;
  private static final int KEPT_BYTES_MAX = 256 << 10;

  /** One encoder may be larger than those kept for each thread: large batches come one after the other. */
  private static final long KEPT_LARGE_BYTES_MAX =
      Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 64);

  private final WriteAheadLog log;
  private final ExpiryClock clock;
  private final LogKeeper keeper;
  private final Health health;
  private final AtomicReferenceArray<BatchEncoder> encoders =
      new AtomicReferenceArray<>(KEPT_ENCODERS);
  private final AtomicReference<@Nullable BatchEncoder> largeEncoder = new AtomicReference<>();

  private final DiskRoom room;

  LogAdapter(WriteAheadLog log, ExpiryClock clock, LogKeeper keeper, Health health, DiskRoom room) {
    this.health = health;
    this.room = room;
    this.log = log;
    this.clock = clock;
    this.keeper = keeper;
  }

  private static int slot() {
    return (int) Thread.currentThread().getId() & KEPT_ENCODERS - 1;
  }

  @Override
  public BatchEncoder encode(PreparedBatch batch) {
    BatchEncoder encoder = take(batch.bytes());
    encoder.reserve(batch.size(), batch.bytes());
    for (int index = 0; index < batch.size(); index++) {
      byte[] value = batch.value(index);
      if (value == null) {
        encoder.delete(batch.keyspaceId(index), batch.key(index));
      } else {
        encoder.put(batch.keyspaceId(index), batch.key(index), value, batch.expiresAtMillis(index));
      }
    }
    return encoder.finish();
  }

  private BatchEncoder take(long bytes) {
    BatchEncoder kept =
        bytes > KEPT_BYTES_MAX ? largeEncoder.getAndSet(null) : encoders.getAndSet(slot(), null);
    return kept == null ? new BatchEncoder() : kept;
  }

  @Override
  public void requireRoom(BatchEncoder encoded, PreparedBatch batch) {
    room.requireInLog(batch, WriteAheadLog.frameBytes(encoded));
  }

  @Override
  public void append(BatchEncoder encoded, long firstSequence) {
    log.append(encoded, firstSequence, clock.millis());
  }

  @Override
  public void recycle(BatchEncoder encoded) {
    encoded.clear();
    if (encoded.capacityBytes() <= KEPT_BYTES_MAX) {
      encoders.lazySet(slot(), encoded);
    } else if (encoded.capacityBytes() <= KEPT_LARGE_BYTES_MAX) {
      largeEncoder.set(encoded);
    }
  }

  @Override
  public void await(long sequence, SyncMode mode) {
    try {
      log.await(sequence, mode);
    } catch (WritesStoppedException e) {
      Throwable cause = log.failure();
      health.fail(cause == null ? e : cause);
      throw e;
    }
    if (mode == SyncMode.INTERVAL) {
      keeper.startSyncing();
    }
  }
}
