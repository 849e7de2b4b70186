package io.larder.engine.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BatchCodecTest {

  @Test
  void encode_thenRead_givesTheSameChanges() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      BatchEncoder encoder = new BatchEncoder();
      List<String> expected = new ArrayList<>();
      int count = 1 + random.nextInt(20);
      for (int i = 0; i < count; i++) {
        int keyspace = random.nextBoolean() ? random.nextInt(200) : random.nextInt();
        byte[] key = bytes(random, random.nextInt(40));
        byte[] value = bytes(random, random.nextInt(300));
        long expiry = random.nextInt(3) == 0 ? random.nextLong() : 0;
        if (random.nextInt(4) == 0) {
          encoder.delete(keyspace, key);
          expected.add(describe(7 + i, keyspace, key, null, 0));
        } else {
          encoder.put(keyspace, key, value, expiry);
          expected.add(describe(7 + i, keyspace, key, value, expiry));
        }
      }
      encoder.finish();

      assertThat(encoder.count()).isEqualTo(count);
      assertThat(changes(encoder)).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
  }

  @Test
  @Timeout(60)
  void read_anyBytes_failsWithCorruptionOrEndsWithoutAllocatingMoreThanItsInput() {
    long seed = 4711;
    Random random = new Random(seed);
    BatchEncoder encoder = new BatchEncoder();
    for (int i = 0; i < 10; i++) {
      encoder.put(i, bytes(random, 10), bytes(random, 50), i);
    }
    encoder.finish();
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = Arrays.copyOf(encoder.bytes(), 1 + random.nextInt(encoder.length()));
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      BatchReader reader = new BatchReader(ByteBuffer.wrap(damaged), 10, 1, "here");
      try {
        while (reader.next()) {
          assertThat(reader.key().length).isLessThanOrEqualTo(damaged.length);
        }
      } catch (CorruptionException e) {
        assertThat(e).hasMessageStartingWith("here: ");
      }
    }
  }

  @Test
  void read_lengthBeyondThePayload_namesFoundAndExpected() {
    byte[] payload = {1, 0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07, 'k'};
    BatchReader reader = new BatchReader(ByteBuffer.wrap(payload), 1, 1, "file x: offset 9");

    assertThatThrownBy(reader::next)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("file x: offset 9")
        .hasMessageContaining("2147483647 bytes")
        .hasMessageContaining("remaining 1");
  }

  @Test
  void read_moreBytesThanChanges_isCorruption() {
    BatchEncoder encoder = new BatchEncoder();
    encoder.delete(1, new byte[] {1}).delete(1, new byte[] {2}).finish();
    BatchReader reader =
        new BatchReader(ByteBuffer.wrap(encoder.bytes(), 0, encoder.length()), 1, 1, "here");
    reader.next();

    assertThatThrownBy(reader::next).isInstanceOf(CorruptionException.class);
  }

  @Test
  void varints_atEveryBoundary_roundTrip() {
    for (int bits = 0; bits < 64; bits++) {
      for (long value : new long[] {(1L << bits) - 1, 1L << bits, -1L >>> bits}) {
        byte[] bytes = new byte[Varints.LONG_BYTES_MAX];
        int length = Varints.put(bytes, 0, value);

        assertThat(length).isEqualTo(Varints.sizeBytes(value));
        assertThat(Varints.getLong(ByteBuffer.wrap(bytes, 0, length))).isEqualTo(value);
      }
    }
  }

  @Test
  void varints_tooLong_areCorruption() {
    byte[] endless = new byte[11];
    Arrays.fill(endless, (byte) 0x80);

    assertThatThrownBy(() -> Varints.getLong(ByteBuffer.wrap(endless)))
        .isInstanceOf(CorruptionException.class);
    assertThatThrownBy(() -> Varints.getLong(ByteBuffer.wrap(endless, 0, 3)))
        .isInstanceOf(CorruptionException.class);
    byte[] large = new byte[10];
    int length = Varints.put(large, 0, 1L << 32);
    assertThatThrownBy(() -> Varints.getInt(ByteBuffer.wrap(large, 0, length)))
        .isInstanceOf(CorruptionException.class);
  }

  private static List<String> changes(BatchEncoder encoder) {
    BatchReader reader =
        new BatchReader(
            ByteBuffer.wrap(encoder.bytes(), 0, encoder.length()), encoder.count(), 7, "here");
    List<String> changes = new ArrayList<>();
    while (reader.next()) {
      changes.add(
          describe(
              reader.sequence(),
              reader.keyspaceId(),
              reader.key(),
              reader.value(),
              reader.expiresAtMillis()));
    }
    return changes;
  }

  private static String describe(
      long sequence, int keyspace, byte[] key, byte[] value, long expiry) {
    return sequence
        + " "
        + keyspace
        + " "
        + Arrays.toString(key)
        + " "
        + Arrays.toString(value)
        + " "
        + expiry;
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
