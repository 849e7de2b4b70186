package io.larder.simulation;

import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.codec.BatchReader;
import io.larder.engine.internal.wal.BatchConsumer;
import io.larder.engine.internal.wal.LogStart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a log should hold: every batch ever started, and how far it was acknowledged. Not thread-safe.
 *
 * <p>A batch's content follows from the workload's seed and its sequence number alone, so nothing has to be
 * remembered but where batches begin.
 */
final class LogModel {
  private final List<Batch> batches = new ArrayList<>();
  private long seed;
  private long started;

  private record Batch(long first, int count, long seed) {}

  /** The last sequence number acknowledged as durable. */
  long acknowledgedDurable;

  /** The last sequence number acknowledged in any mode. */
  long acknowledged;

  /** What the manifest durably says. */
  LogStart manifest = new LogStart(1, 0, 0);

  LogModel(long seed) {
    this.seed = seed;
  }

  /** Returns a model of its own of a database in which only the first sequence numbers survived. */
  LogModel survivedTo(long sequence) {
    LogModel copy = new LogModel(seed + 1_000_000_007);
    batches.stream().filter(each -> each.first() <= sequence).forEach(copy.batches::add);
    copy.started = sequence;
    copy.acknowledged = sequence;
    copy.acknowledgedDurable = sequence;
    copy.manifest = manifest;
    return copy;
  }

  long started() {
    return started;
  }

  /** Returns a batch whose content follows from the seed and its place. */
  BatchEncoder next(Random random) {
    int count = 1 + random.nextInt(4);
    BatchEncoder batch = new BatchEncoder();
    for (int i = 0; i < count; i++) {
      addChange(batch, seed, started + 1 + i);
    }
    batches.add(new Batch(started + 1, count, seed));
    started += count;
    return batch.finish();
  }

  private static void addChange(BatchEncoder batch, long seed, long sequence) {
    Random random = new Random(seed * 31 + sequence);
    byte[] key = new byte[1 + random.nextInt(20)];
    random.nextBytes(key);
    if (random.nextInt(5) == 0) {
      batch.delete(3, key);
    } else {
      byte[] value = new byte[random.nextInt(random.nextInt(40) == 0 ? 12_000 : 300)];
      random.nextBytes(value);
      batch.put(3, key, value, random.nextInt(3) == 0 ? sequence : 0);
    }
  }

  private @Nullable Batch find(long first) {
    int low = 0;
    int high = batches.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Batch batch = batches.get(middle);
      if (batch.first() == first) {
        return batch;
      } else if (batch.first() < first) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /** Checks what a recovery hands out against what was started. */
  final class Checker implements BatchConsumer {
    private long last;

    Checker(long flushedSequence) {
      last = flushedSequence;
    }

    @Override
    public void accept(long firstSequence, int count, long commitTimeMillis, BatchReader changes) {
      Batch batch = find(firstSequence);
      if (firstSequence != last + 1 || batch == null || batch.count() != count) {
        throw new AssertionError(
            "found a batch of " + count + " from " + firstSequence + " after " + last);
      }
      BatchEncoder expected = new BatchEncoder();
      BatchEncoder found = new BatchEncoder();
      while (changes.next()) {
        addChange(expected, batch.seed(), changes.sequence());
        byte[] value = changes.value();
        if (value == null) {
          found.delete(changes.keyspaceId(), changes.key());
        } else {
          found.put(changes.keyspaceId(), changes.key(), value, changes.expiresAtMillis());
        }
      }
      if (!Arrays.equals(
          expected.bytes(), 0, expected.length(), found.bytes(), 0, found.length())) {
        throw new AssertionError("batch " + firstSequence + " has other content");
      }
      last = firstSequence + count - 1;
    }

    long last() {
      return last;
    }
  }
}
