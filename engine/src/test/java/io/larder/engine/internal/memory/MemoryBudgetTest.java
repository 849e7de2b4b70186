package io.larder.engine.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.mvcc.PreparedBatch;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
  private static final long LIMIT = 8 << 20;

  @Test
  void reservedBytes_whereNothingIsEvicted_areThoseOfTheEntries() {
    MemoryBudget budget = new MemoryBudget(LIMIT, false);
    budget.add(LIMIT / 2, 0);
    budget.beginCopy(LIMIT / 2);
    // a copy that gets no processor: everything is written meanwhile, all of it to the same keys
    budget.add(LIMIT / 4, LIMIT / 4);
    budget.add(LIMIT / 4, LIMIT / 4);
    assertThat(budget.reservedBytes()).isEqualTo(budget.usedBytes()).isEqualTo(LIMIT);
    budget.endCopy(LIMIT / 2, LIMIT / 8);
    assertThat(budget.reservedBytes()).isEqualTo(LIMIT / 2);
  }

  /** Writers that outran a copy let it grow to as much as the limit, on top of the limit. */
  @Test
  void hasRoom_whereNothingIsEvicted_whileWritersOutrunACopy_isFalseUntilItEnds() {
    MemoryBudget budget = new MemoryBudget(LIMIT, false);
    long partition = budget.partitionBytesMax();
    budget.add(partition, 0);
    budget.beginCopy(partition);
    PreparedBatch batch = new PreparedBatch(1);
    batch.add(1, new byte[1], new byte[1_000], 0);
    long written = 0;
    while (budget.hasRoom(batch)) {
      budget.add(MemoryBudget.neededBytes(batch), MemoryBudget.neededBytes(batch));
      written += MemoryBudget.neededBytes(batch);
    }
    assertThat(written).isBetween(partition / 2 - 2_000, partition / 2);
    assertThat(budget.hasRoomForEntries(batch)).isTrue();
    budget.endCopy(partition + written, partition);
    assertThat(budget.hasRoom(batch)).isTrue();
  }

  @Test
  void reservedBytes_whereEntriesAreEvicted_holdTheCopyToo() {
    MemoryBudget budget = new MemoryBudget(LIMIT, true);
    budget.add(1_000, 0);
    assertThat(budget.reservedBytes()).isEqualTo(1_000);
    assertThat(budget.beginCopy(400)).isEqualTo(400);
    assertThat(budget.reservedBytes()).isEqualTo(1_400);
    budget.add(10, 10);
    assertThat(budget.reservedBytes()).isEqualTo(1_420);
    budget.endCopy(700, 100);
    assertThat(budget.reservedBytes()).isEqualTo(700);
  }
}
