package io.larder.engine.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.ManualClock;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.internal.mvcc.PreparedBatch;
import org.junit.jupiter.api.Test;

final class MemoryEngineTest {
  private final MemoryEngine engine =
      new MemoryEngine("raced", DatabaseOptions.defaults(), 1, new ManualClock(), null);

  @Test
  void view_ofAReadThatAClosingOvertook_isRefused() {
    int ticket = engine.enter();
    engine.close();
    assertThatThrownBy(engine::view).isInstanceOf(ClosedException.class);
    engine.exit(ticket);
    assertThatThrownBy(engine::pin).isInstanceOf(ClosedException.class);
    assertThatThrownBy(engine::enter).isInstanceOf(ClosedException.class);
  }

  @Test
  void close_givesTheMemoryBack_thoughTheEngineIsHeld() {
    byte[] key = new byte[8];
    PreparedBatch batch = new PreparedBatch(1);
    batch.add(1, key, new byte[100_000], 0);
    engine.apply(batch, 1);
    assertThat(engine.statistics().get("memtable.bytes")).isGreaterThan(100_000);
    engine.close();
    assertThat(engine.statistics().get("memtable.bytes")).isLessThan(100_000);
  }
}
