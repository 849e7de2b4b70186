package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.Meter;
import java.util.SplittableRandom;

/** The writing work: loads, overwrites, deletes. Stateless but for the sizes. Thread-safe. */
final class EntryWrites {

  /** Entries of a large batch, as long as they are not more than {@link #BATCH_BYTES_MAX}. */
  private static final int BATCH = 1_000;

  private static final long BATCH_BYTES_MAX = 4 << 20;
  private static final int SMALL_BATCH = 64;

  private final DataShape shape;
  private final int batch;

  EntryWrites(DataShape shape) {
    this.shape = shape;
    int entryBytes = Records.KEY_BYTES + shape.valueBytes();
    this.batch = (int) Math.max(1, Math.min(BATCH, BATCH_BYTES_MAX / entryBytes));
  }

  /** Writes all entries, one a commit. */
  long putEach(OpenEngine engine) throws Exception {
    for (long number = 0; number < shape.entries(); number++) {
      engine.put(Records.key(number), Records.value(number, shape.valueBytes()));
    }
    return shape.entries();
  }

  /** Writes all entries in large batches. */
  long putBatches(OpenEngine engine) throws Exception {
    return putBatches(engine, 0, shape.entries(), Long.MAX_VALUE);
  }

  /**
   * Writes entries {@code from} to {@code end} in large batches, until the time is over.
   *
   * @return the number after the last one written
   */
  long putBatches(OpenEngine engine, long from, long end, long deadlineNanos) throws Exception {
    long start = from;
    while (start < end && (deadlineNanos == Long.MAX_VALUE || System.nanoTime() < deadlineNanos)) {
      long stop = Math.min(end, start + batch);
      engine.write(keys(start, stop), values(start, stop));
      start = stop;
    }
    return start;
  }

  /** Overwrites random entries in small batches; counts entries. */
  Meter.Slice smallBatches(OpenEngine engine, SplittableRandom random) {
    return () -> {
      byte[][] keys = new byte[SMALL_BATCH][];
      byte[][] values = new byte[SMALL_BATCH][];
      for (int place = 0; place < SMALL_BATCH; place++) {
        long number = random.nextLong(shape.entries());
        keys[place] = Records.key(number);
        values[place] = Records.value(number, shape.valueBytes());
      }
      engine.write(keys, values);
      return SMALL_BATCH;
    };
  }

  /** Overwrites one random entry. */
  Meter.Slice singles(OpenEngine engine, SplittableRandom random) {
    return () -> {
      long number = random.nextLong(shape.entries());
      engine.put(Records.key(number), Records.value(number, shape.valueBytes()));
      return 1;
    };
  }

  /**
   * Deletes entries {@code from} to {@code end}, then, outside the measured time, makes sure they
   * are gone and puts them back.
   */
  Measurement delete(OpenEngine engine, long from, long end, boolean batched) throws Exception {
    Measurement measured = Meter.once(() -> deleteOnly(engine, from, end, batched));
    try (EngineReader reader = engine.reader()) {
      for (long number = from; number < end; number++) {
        if (reader.get(Records.key(number)) != null) {
          throw new IllegalStateException("number " + number + " is there after its deletion");
        }
      }
      if (end < shape.entries() && reader.get(Records.key(end)) == null) {
        throw new IllegalStateException("number " + end + " went with the deletion of others");
      }
    }
    putBatches(engine, from, end, Long.MAX_VALUE);
    return measured;
  }

  private long deleteOnly(OpenEngine engine, long from, long end, boolean batched)
      throws Exception {
    for (long start = from; start < end; start += batched ? batch : 1) {
      if (batched) {
        engine.deleteAll(keys(start, Math.min(end, start + batch)));
      } else {
        engine.delete(Records.key(start));
      }
    }
    return end - from;
  }

  private byte[][] keys(long from, long end) {
    byte[][] keys = new byte[Math.toIntExact(end - from)][];
    for (int place = 0; place < keys.length; place++) {
      keys[place] = Records.key(from + place);
    }
    return keys;
  }

  private byte[][] values(long from, long end) {
    byte[][] values = new byte[Math.toIntExact(end - from)][];
    for (int place = 0; place < values.length; place++) {
      values[place] = Records.value(from + place, shape.valueBytes());
    }
    return values;
  }
}
