package io.larder.engine.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ExpiryHistogramTest {
  private static final long NOW = 1_700_000_000_000L;

  @Test
  void bytesUntil_neverCountsWhatIsAlive_andNearlyAllThatIsNot() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      long range = 1L << random.nextInt(40);
      ExpiryHistogram histogram = new ExpiryHistogram();
      TreeMap<Long, Long> model = new TreeMap<>();
      long first = Long.MAX_VALUE;
      long last = 0;
      for (int entry = 0; entry < 2_000; entry++) {
        long expiry = NOW + (long) (random.nextDouble() * range);
        long bytes = 1L + random.nextInt(1_000);
        histogram.add(expiry, bytes);
        model.merge(expiry, bytes, Long::sum);
        first = Math.min(first, expiry);
        last = Math.max(last, expiry);
      }
      ByteArrayOutputStream encoded = new ByteArrayOutputStream();
      histogram.encode(encoded);
      ExpiryHistogram decoded = ExpiryHistogram.decode(ByteBuffer.wrap(encoded.toByteArray()));
      long slack = Math.max(2_048, (last - first) / 16);
      for (int probe = 0; probe < 200; probe++) {
        long until = NOW + (long) (random.nextDouble() * range * 1.2);
        long counted = decoded.bytesUntil(until);
        assertThat(counted)
            .as("seed %d", seed)
            .isLessThanOrEqualTo(sum(model.headMap(until, true)));
        assertThat(counted)
            .as("seed %d", seed)
            .isGreaterThanOrEqualTo(sum(model.headMap(until - slack, true)));
        assertThat(counted).isEqualTo(histogram.bytesUntil(until));
      }
      assertThat(decoded.bytesUntil(last + slack)).isEqualTo(sum(model));
    }
  }

  private static long sum(Map<Long, Long> part) {
    return part.values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void bytesUntil_withoutEntries_isZero() {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    new ExpiryHistogram().encode(encoded);
    assertThat(encoded.size()).isEqualTo(1);
    assertThat(
            ExpiryHistogram.decode(ByteBuffer.wrap(encoded.toByteArray()))
                .bytesUntil(Long.MAX_VALUE))
        .isZero();
  }
}
