package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.Transaction;
import io.larder.simulation.Anomaly.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real threads, real flushes and merges, and a checker that knows nothing of the engine: what may transactions see?
 *
 * <p>{@code larder.history.transactions} per run (20,000), {@code larder.history.minutes} to go on with new seeds for
 * so long, {@code larder.history.seed}. Interleavings are the machine's, so a seed does not replay a failure; the
 * anomaly printed has all transactions of the cycle.
 */
final class HistoryTest {
  private static final int TRANSACTIONS = Integer.getInteger("larder.history.transactions", 20_000);
  private static final int MINUTES = Integer.getInteger("larder.history.minutes", 0);
  private static final long SEED = Long.getLong("larder.history.seed", 1);
  private static final int THREADS = 4;

  @TempDir Path temporary;

  private Database open(boolean onDisk, long seed) {
    String place = onDisk ? temporary.resolve("lists" + seed).toString() : "mem:history";
    String options =
        onDisk
            ? "?memtable.size=64KB&wal.segment=64KB&sync=" + (seed % 4 == 0 ? "always" : "none")
            : "";
    return Databases.open(LarderUri.parse("larder:" + place + options));
  }

  @ParameterizedTest
  @CsvSource({"SNAPSHOT,false", "SNAPSHOT,true", "SERIALIZABLE,false", "SERIALIZABLE,true"})
  @Timeout(value = 100, unit = TimeUnit.MINUTES)
  void histories_showNoMoreThanTheLevelAllows(IsolationLevel level, boolean onDisk)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    long seed = SEED;
    long checked = 0;
    do {
      checked += check(level, onDisk, seed);
      seed++;
    } while (System.nanoTime() < end);
    System.out.println(checked + " transactions checked");
  }

  private int check(IsolationLevel level, boolean onDisk, long seed) throws Exception {
    try (Database database = open(onDisk, seed)) {
      ListAppendWorkload workload =
          new ListAppendWorkload(database, level, seed, THREADS, TRANSACTIONS);
      History history = workload.run();
      int count = history.transactions().size();
      List<Anomaly> found = HistoryChecker.checkComplete(history, workload.lastRead());
      long writeSkews = found.stream().filter(each -> each.kind() == Kind.G2_ITEM).count();
      System.out.printf(
          "%s %s seed %d: %,d transactions, %,d aborted, %d write skews reported%n",
          level, onDisk ? "disk" : "memory", seed, count, workload.aborted(), writeSkews);
      if (level == IsolationLevel.SNAPSHOT) {
        found = found.stream().filter(each -> each.kind() != Kind.G2_ITEM).toList();
      }
      assertThat(found).as("seed %d", seed).isEmpty();
      assertThat(workload.aborted())
          .as("of %d transactions some met, most passed", count)
          .isBetween(count / 50L, count * 9L / 10);
      if (onDisk) {
        assertThat(database.statistics().get("merges")).isPositive();
      }
      return count;
    }
  }

  @Test
  void writeSkew_provoked_isSeenByTheChecker_atSnapshotOnly() {
    for (IsolationLevel level : IsolationLevel.values()) {
      try (Database database =
          Databases.open(
              new DatabaseLocation.InMemory("skew"),
              DatabaseOptions.defaults().with(EngineOptions.SYNC, "none"),
              new ManualClock())) {
        Keyspace lists = database.createKeyspace("lists");
        History history = new History();
        for (long pair = 0; pair < 20; pair++) {
          provoke(database, lists, level, history, pair);
        }
        List<Kind> kinds =
            HistoryChecker.check(history).stream().map(Anomaly::kind).distinct().toList();
        assertThat(kinds)
            .isEqualTo(level == IsolationLevel.SNAPSHOT ? List.of(Kind.G2_ITEM) : List.of());
      }
    }
  }

  /** Two transactions that each read what the other appends to, then one that reads both. */
  private static void provoke(
      Database database, Keyspace lists, IsolationLevel level, History history, long pair) {
    long left = 2 * pair;
    long right = left + 1;
    ListClient first = new ListClient(database, lists, level);
    ListClient second = new ListClient(database, lists, level);
    first.read(left);
    second.read(right);
    first.append(right, left);
    second.append(left, right);
    first.finish(history);
    second.finish(history);
    ListClient last = new ListClient(database, lists, level);
    last.read(left);
    last.read(right);
    last.finish(history);
  }

  /** One transaction on lists, step by step. */
  private static final class ListClient {
    private final Keyspace lists;
    private final Transaction transaction;
    private final List<History.Step> steps = new java.util.ArrayList<>();

    ListClient(Database database, Keyspace lists, IsolationLevel level) {
      this.lists = lists;
      this.transaction = database.begin(level);
    }

    void read(long key) {
      steps.add(new History.Read(key, ListAppendWorkload.list(transaction, lists, key)));
    }

    void append(long key, long number) {
      ListAppendWorkload.append(transaction, lists, key, number);
      steps.add(new History.Append(key, number));
    }

    void finish(History history) {
      try {
        transaction.commit();
        history.add(History.Outcome.COMMITTED, steps);
      } catch (io.larder.engine.api.ConflictException e) {
        history.add(History.Outcome.ABORTED, steps);
      }
    }
  }
}
