package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.Meter;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The reading work on a store that holds entries 0 to n - 1: every value is compared with what its
 * key says it must be. Thread-safe, but for {@link #forgetExpectation}.
 */
final class EntryReads {

  /** Numbers from here on are never loaded: misses, and the keys of synced commits. */
  static final long UNUSED = 1L << 40;

  private static final int READS_A_SLICE = 64;
  private static final int KEYS_A_BATCH = 16;
  private static final int RANGE = 100;

  private final DataShape shape;
  private final SplittableRandom seeds = new SplittableRandom(42);
  private @Nullable Expectation expectation;

  EntryReads(DataShape shape) {
    this.shape = shape;
  }

  Meter.Slice hits(OpenEngine engine) throws Exception {
    EngineReader reader = engine.reader();
    SplittableRandom random = seed();
    byte[] key = new byte[Records.KEY_BYTES];
    return Meter.Slice.closing(
        reader,
        () -> {
          for (int read = 0; read < READS_A_SLICE; read++) {
            long number = random.nextLong(shape.entries());
            Records.writeKey(number, key);
            verify(reader.get(key), number);
          }
          return READS_A_SLICE;
        });
  }

  Meter.Slice views(OpenEngine engine) throws Exception {
    EngineReader reader = engine.reader();
    SplittableRandom random = seed();
    byte[] key = new byte[Records.KEY_BYTES];
    ValueView view = new ValueView();
    return Meter.Slice.closing(
        reader,
        () -> {
          for (int read = 0; read < READS_A_SLICE; read++) {
            long number = random.nextLong(shape.entries());
            Records.writeKey(number, key);
            if (!reader.view(key, view)) {
              throw new IllegalStateException("no value of number " + number);
            }
            verify(number, view.head(), view.tail(), view.length());
          }
          return READS_A_SLICE;
        });
  }

  Meter.Slice batches(OpenEngine engine) throws Exception {
    EngineReader reader = engine.reader();
    SplittableRandom random = seed();
    return Meter.Slice.closing(
        reader,
        () -> {
          for (int read = 0; read < READS_A_SLICE; read += KEYS_A_BATCH) {
            long[] numbers = random.longs(KEYS_A_BATCH, 0, shape.entries()).toArray();
            byte[][] keys = new byte[KEYS_A_BATCH][];
            for (int place = 0; place < KEYS_A_BATCH; place++) {
              keys[place] = Records.key(numbers[place]);
            }
            byte[] @Nullable [] values = new byte[KEYS_A_BATCH][];
            reader.getAll(keys, values);
            for (int place = 0; place < KEYS_A_BATCH; place++) {
              verify(values[place], numbers[place]);
            }
          }
          return READS_A_SLICE;
        });
  }

  Meter.Slice misses(OpenEngine engine) throws Exception {
    EngineReader reader = engine.reader();
    SplittableRandom random = seed();
    byte[] key = new byte[Records.KEY_BYTES];
    return Meter.Slice.closing(
        reader,
        () -> {
          for (int read = 0; read < READS_A_SLICE; read++) {
            long number = UNUSED + random.nextLong(shape.entries());
            Records.writeKey(number, key);
            if (reader.get(key) != null) {
              throw new IllegalStateException("found a value for number " + number);
            }
          }
          return READS_A_SLICE;
        });
  }

  /** Scans from the first entry on, again and again, at most {@code limit} entries each time. */
  Measurement scan(OpenEngine engine, long limit, long millis) throws Exception {
    Expectation expected = expectation();
    try (EngineReader reader = engine.reader()) {
      return Meter.repeat(
          millis,
          () -> {
            EntrySum sum = new EntrySum();
            reader.scan(null, limit, sum);
            expected.verify(sum, 0, Math.min(limit, Integer.MAX_VALUE));
            return sum.entries();
          });
    }
  }

  Measurement ranges(OpenEngine engine, long millis) throws Exception {
    Expectation expected = expectation();
    SplittableRandom random = seed();
    byte[] from = new byte[Records.KEY_BYTES];
    try (EngineReader reader = engine.reader()) {
      return Meter.repeat(
          millis,
          () -> {
            int rank = random.nextInt(expected.entries());
            Records.writeKey(expected.numberAt(rank), from);
            EntrySum sum = new EntrySum();
            reader.scan(from, RANGE, sum);
            expected.verify(sum, rank, RANGE);
            return 1;
          });
    }
  }

  void verify(byte @Nullable [] value, long number) {
    if (value == null) {
      throw new IllegalStateException("wrong value of number " + number + ": none");
    }
    verify(
        number,
        Records.head(value),
        Records.longAt(value, value.length - Long.BYTES),
        value.length);
  }

  private void verify(long number, long head, long tail, int length) {
    if (length != shape.valueBytes()
        || head != Records.valueHead(number)
        || tail != Records.valueTail(number, length)) {
      throw new IllegalStateException(
          "wrong value of number %d: %d bytes from %x to %x".formatted(number, length, head, tail));
    }
  }

  SplittableRandom seed() {
    synchronized (seeds) {
      return seeds.split();
    }
  }

  private synchronized Expectation expectation() {
    Expectation known = expectation;
    if (known == null) {
      known = new Expectation(shape.entries(), shape.valueBytes());
      expectation = known;
    }
    return known;
  }

  /** Gives back the memory that checking scans takes. */
  synchronized void forgetExpectation() {
    expectation = null;
  }
}
