package io.larder.simulation.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.simulation.SilentLog;
import io.larder.simulation.damage.ClosedDatabase.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Flips a bit in every byte of a closed database, one at a time: each is noticed, or everything can still be read.
 * {@code -Dlarder.damage.bits=8} flips every bit.
 */
@ExtendWith(SilentLog.class)
@Tag("long")
@Timeout(3600)
class EveryByteTest {
  private static final int BITS = Integer.getInteger("larder.damage.bits", 1);
  private static final int CHUNK_BYTES = 1024;

  private final AtomicInteger flips = new AtomicInteger();
  private final AtomicInteger detected = new AtomicInteger();

  @Test
  void flip_ofAnyByte_isDetectedOrHarmless() throws Exception {
    ClosedDatabase database = new ClosedDatabase(1);
    assertThat(database.judge(database.copy(), "undamaged")).isEqualTo(Outcome.HARMLESS);
    int total = database.files().values().stream().mapToInt(each -> each.length).sum();
    List<Future<?>> work = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      for (Map.Entry<String, byte[]> file : database.files().entrySet()) {
        for (int at = 0; at < file.getValue().length; at += CHUNK_BYTES) {
          int from = at;
          int to = Math.min(file.getValue().length, at + CHUNK_BYTES);
          work.add(
              pool.submit(
                  () -> {
                    flip(database, file.getKey(), from, to);
                    return null;
                  }));
        }
      }
      for (Future<?> one : work) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
    System.out.printf(
        "damage at rest: %,d flips in %,d bytes of %s, %,d detected, the others harmless%n",
        flips.get(), total, database.files().keySet(), detected.get());
    assertThat(flips.get()).isEqualTo(total * BITS);
    assertThat(total).isBetween(150_000, 400_000);
    assertThat(detected.get()).isPositive();
  }

  private void flip(ClosedDatabase database, String name, int from, int to) throws IOException {
    for (int at = from; at < to; at++) {
      for (int i = 0; i < BITS; i++) {
        int bit = BITS == 1 ? (at * 5 + at / 8) % 8 : i;
        InMemoryFileSystem copy = database.copy();
        copy.flipBit(ClosedDatabase.DIRECTORY.resolve(name), (long) at * Byte.SIZE + bit);
        flips.incrementAndGet();
        if (database.judge(copy, "bit " + bit + " of byte " + at + " of " + name)
            == Outcome.DETECTED) {
          detected.incrementAndGet();
        }
      }
    }
  }
}
