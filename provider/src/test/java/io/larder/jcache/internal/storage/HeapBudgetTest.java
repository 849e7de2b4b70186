package io.larder.jcache.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.LarderUri;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The heap for decoded values goes to the caches that use it. */
final class HeapBudgetTest {
  private static final long ALL = 1_000_000;

  private final Database database = Databases.open(LarderUri.parse("larder:mem:heap-budget"));
  private final HeapBudget budget = new HeapBudget(database, ALL);

  @AfterEach
  void close() {
    database.close();
  }

  private HeapTier<Integer, String> tier(String name) {
    return Objects.requireNonNull(budget.newTier(name));
  }

  private static void hold(HeapTier<Integer, String> tier, int entries) {
    int stripe = tier.stripe(new byte[] {1});
    for (int key = 0; key < entries; key++) {
      tier.hold(key, new HeapTier.Held<>("v", 0, key, stripe, tier.stamp(stripe), 200));
    }
  }

  @Test
  void tiers_haveTheirPartOfEverythingTogether() {
    HeapTier<Integer, String> busy = tier("busy");
    HeapTier<Integer, String> idle = tier("idle");
    HeapTier<Integer, String> other = tier("other");
    assertThat(busy.bytesMax() + idle.bytesMax() + other.bytesMax()).isBetween(ALL - 10, ALL);

    hold(busy, 2_000);

    assertThat(busy.size()).isEqualTo(2_000);
    assertThat(busy.bytesMax()).isGreaterThan(2 * busy.bytes()); // so that reads are not noted
    assertThat(idle.bytesMax()).isBetween(ALL / 16, ALL / 3);
    assertThat(busy.bytesMax() + idle.bytesMax() + other.bytesMax()).isLessThanOrEqualTo(ALL);
  }

  @Test
  void whoBeginsToUseMore_takesItFromWhoHasMost() {
    HeapTier<Integer, String> first = tier("first");
    HeapTier<Integer, String> second = tier("second");
    hold(first, 10_000);
    assertThat(first.bytes()).isBetween(ALL / 2, ALL);

    hold(second, 10_000);

    assertThat(second.bytes()).isGreaterThan(ALL / 4);
    assertThat(first.bytesMax() + second.bytesMax()).isLessThanOrEqualTo(ALL);
    assertThat(first.bytes() + second.bytes()).isLessThanOrEqualTo(ALL);
  }

  @Test
  void aClosedCache_givesItsPartBack() {
    HeapTier<Integer, String> first = tier("first");
    tier("second");
    budget.giveBack("second");
    assertThat(first.bytesMax()).isEqualTo(ALL);
  }
}
