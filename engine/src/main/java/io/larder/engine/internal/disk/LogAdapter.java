package io.larder.engine.internal.disk;

import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.mvcc.CommitLog;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.mvcc.PreparedBatch;
import io.larder.engine.internal.wal.WriteAheadLog;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The write-ahead log as the commit pipeline uses it. Thread-safe; keeps a few encoders for reuse. */
final class LogAdapter implements CommitLog<BatchEncoder> {
  private static final int KEPT_ENCODERS = 16;
  private static final int KEPT_BYTES_MAX = 1 << 20;

  private final WriteAheadLog log;
  private final ExpiryClock clock;
  private final LogKeeper keeper;
  private final Health health;
  private final AtomicReferenceArray<BatchEncoder> encoders =
      new AtomicReferenceArray<>(KEPT_ENCODERS);

  LogAdapter(WriteAheadLog log, ExpiryClock clock, LogKeeper keeper, Health health) {
    this.health = health;
    this.log = log;
    this.clock = clock;
    this.keeper = keeper;
  }

  private static int slot() {
    return (int) Thread.currentThread().getId() & KEPT_ENCODERS - 1;
  }

  @Override
  public BatchEncoder encode(PreparedBatch batch) {
    BatchEncoder kept = encoders.getAndSet(slot(), null);
    BatchEncoder encoder = kept == null ? new BatchEncoder() : kept;
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

  @Override
  public void append(BatchEncoder encoded, long firstSequence) {
    log.append(encoded, firstSequence, clock.millis());
  }

  @Override
  public void recycle(BatchEncoder encoded) {
    if (encoded.length() <= KEPT_BYTES_MAX) {
      encoded.clear();
      encoders.lazySet(slot(), encoded);
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
