package io.larder.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Unit;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineSessionTest {

  private static final RunSettings SETTINGS = new RunSettings(2_500, 100, 1, 5, 500);

  /** A sorted map; {@code answer} may lie about what is in it. */
  private record MapContestant(BiFunction<byte[], byte @Nullable [], byte @Nullable []> answer)
      implements EngineContestant {

    @Override
    public Contestant describe() {
      return new Contestant("map", Contestant.Role.PEER, "a sorted map");
    }

    @Override
    public OpenEngine open(Path directory, Durability durability, DataShape shape) {
      return new MapEngine(new ConcurrentSkipListMap<>(Arrays::compareUnsigned), answer);
    }
  }

  private record MapEngine(
      NavigableMap<byte[], byte[]> entries,
      BiFunction<byte[], byte @Nullable [], byte @Nullable []> answer)
      implements OpenEngine, EngineReader {

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(key, value);
    }

    @Override
    public void write(byte[][] keys, byte[][] values) {
      for (int place = 0; place < keys.length; place++) {
        put(keys[place], values[place]);
      }
    }

    @Override
    public void delete(byte[] key) {
      entries.remove(key);
    }

    @Override
    public void deleteAll(byte[][] keys) {
      for (byte[] key : keys) {
        delete(key);
      }
    }

    @Override
    public EngineReader reader() {
      return this;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      return answer.apply(key, entries.get(key));
    }

    @Override
    public boolean view(byte[] key, ValueView view) {
      byte[] value = get(key);
      if (value == null) {
        return false;
      }
      view.see(value, value.length);
      return true;
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      NavigableMap<byte[], byte[]> tail = from == null ? entries : entries.tailMap(from, true);
      for (var entry : tail.entrySet()) {
        if (sum.entries() >= limit) {
          return;
        }
        byte[] value = entry.getValue();
        sum.add(Records.head(entry.getKey()), Records.head(value), value.length);
      }
    }

    @Override
    public void settle() {}

    @Override
    public void close() {}
  }

  @Test
  void run_rightEngine_everyWorkloadMeasured(@TempDir Path directory) throws Exception {
    try (EngineSession session =
        new EngineSession(new MapContestant((key, value) -> value), SETTINGS, directory)) {
      for (EngineWorkload workload :
          new EngineWorkload[] {
            EngineWorkload.FILL_SINGLE,
            EngineWorkload.FILL_BATCHED,
            EngineWorkload.GET_HIT,
            EngineWorkload.GET_VIEW,
            EngineWorkload.GET_HIT_TWO_THREADS,
            EngineWorkload.GET_BATCH,
            EngineWorkload.GET_MISS,
            EngineWorkload.SCAN,
            EngineWorkload.RANGE_100,
            EngineWorkload.PUT_64,
            EngineWorkload.DELETE_SINGLE,
            EngineWorkload.DELETE_BATCHED,
            EngineWorkload.OVERWRITE_FIVE,
            EngineWorkload.COMMIT_4,
            EngineWorkload.COMMIT_BATCH_64
          }) {
        Measurement measurement = session.run(workload.name()).orElseThrow();
        assertThat(measurement.in(Unit.OPERATIONS_PER_SECOND)).as(workload.name()).isPositive();
        assertThat(measurement.threadCpuNanos()).as(workload.name()).isPositive();
      }
    }
  }

  @Test
  void run_engineThatReturnsAnotherValue_fails(@TempDir Path directory) throws Exception {
    byte[] another = Records.value(7, SETTINGS.valueBytes());
    try (EngineSession session =
        new EngineSession(new MapContestant((key, value) -> another), SETTINGS, directory)) {
      session.run(EngineWorkload.FILL_BATCHED.name());
      assertThatThrownBy(() -> session.run(EngineWorkload.GET_HIT.name()))
          .hasStackTraceContaining("wrong value of number");
      assertThatThrownBy(() -> session.run(EngineWorkload.GET_VIEW.name()))
          .hasStackTraceContaining("wrong value of number");
      assertThatThrownBy(() -> session.run(EngineWorkload.GET_BATCH.name()))
          .hasStackTraceContaining("wrong value of number");
      assertThatThrownBy(() -> session.run(EngineWorkload.GET_MISS.name()))
          .hasStackTraceContaining("found a value for number");
      assertThatThrownBy(() -> session.run(EngineWorkload.DELETE_SINGLE.name()))
          .hasStackTraceContaining("is there after its deletion");
    }
  }

  @Test
  void verify_scanThatMissesOneEntry_fails() {
    Expectation expectation = new Expectation(3, 100);
    EntrySum sum = new EntrySum();
    for (int rank = 0; rank < 2; rank++) {
      long number = expectation.numberAt(rank);
      sum.add(Records.keyHead(number), Records.valueHead(number), 100);
    }
    expectation.verify(sum, 0, 2);
    assertThatThrownBy(() -> expectation.verify(sum, 0, 3))
        .hasMessageContaining("expected 3 entries")
        .hasMessageContaining("found 2");
  }

  @Test
  void verify_rangeOverCheckpoints_sameAsOneByOne() {
    Expectation expectation = new Expectation(100, 16);
    for (int rank = 0; rank < 100; rank += 9) {
      EntrySum sum = new EntrySum();
      for (int next = rank; next < Math.min(100, rank + 40); next++) {
        long number = expectation.numberAt(next);
        sum.add(Records.keyHead(number), Records.valueHead(number), 16);
      }
      expectation.verify(sum, rank, 40);
    }
  }

  @Test
  void value_anySize_headAndTailTellNumberAndSize() {
    for (int bytes : new int[] {16, 17, 100, 1024, 1025, 70_000}) {
      byte[] value = Records.value(7, bytes);
      assertThat(value).hasSize(bytes);
      assertThat(Records.head(value)).isEqualTo(Records.valueHead(7));
      assertThat(Records.longAt(value, bytes - Long.BYTES))
          .isEqualTo(Records.valueTail(7, bytes))
          .isNotEqualTo(Records.valueTail(8, bytes));
    }
  }

  @Test
  void check_rightEngineAndLyingEngine_passesAndFails(@TempDir Path directory) throws Exception {
    assertThat(EngineCheck.check(new KeptContestant(emptyMap(), false), directory)).isPositive();
    assertThatThrownBy(() -> EngineCheck.check(new KeptContestant(emptyMap(), true), directory))
        .hasMessageContaining("answers wrongly");
  }

  private static NavigableMap<byte[], byte[]> emptyMap() {
    return new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
  }

  /** Keeps its map over a reopen, or forgets the last entry then. */
  private record KeptContestant(NavigableMap<byte[], byte[]> kept, boolean forgetful)
      implements EngineContestant {

    @Override
    public Contestant describe() {
      return new Contestant("kept", Contestant.Role.PEER, "a sorted map");
    }

    @Override
    public Set<Ability> abilities() {
      return EnumSet.of(Ability.STORE, Ability.ORDER, Ability.VIEW);
    }

    @Override
    public OpenEngine open(Path directory, Durability durability, DataShape shape) {
      if (forgetful) {
        kept.pollLastEntry();
      }
      return new MapEngine(kept, (key, value) -> value);
    }
  }

  @Test
  void unmix_anyNumber_isTheInverseOfMix() {
    for (long number = -1_000; number < 1_000; number++) {
      assertThat(Records.unmix(Records.mix(number * 0x1234_5678_9ABCL)))
          .isEqualTo(number * 0x1234_5678_9ABCL);
    }
  }
}
