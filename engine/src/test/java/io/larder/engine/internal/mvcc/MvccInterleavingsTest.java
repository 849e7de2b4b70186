package io.larder.engine.internal.mvcc;

import io.larder.engine.api.Keyspace;
import io.larder.engine.api.SyncMode;
import io.larder.engine.spi.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * What several threads use at once, switched between single memory accesses by a model checker; each result must be that
 * of some order of whole operations.
 */
class MvccInterleavingsTest {
  private static final int ITERATIONS = Integer.getInteger("larder.lincheck.iterations", 3);
  private static final int INVOCATIONS = Integer.getInteger("larder.lincheck.invocations", 100);

  private static void check(Class<?> structure) {
    new ModelCheckingOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(INVOCATIONS)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(1)
        .minimizeFailedScenario(false)
        .check(structure);
  }

  @Test
  void keyLocks_excludeEachOther() {
    check(LockedCounters.class);
  }

  @Test
  void snapshotRegistry_keepsWhatWasTaken() {
    check(Snapshots.class);
  }

  @Test
  void commitPipeline_showsBatchesWholeAndInOrder() {
    check(Commits.class);
  }

  @Test
  void recentWrites_missNothingThatWasCommittedWhileOpen() {
    check(Recorded.class);
  }

  @Test
  void expiryClock_neverRunsBackwards() {
    check(Times.class);
  }

  /** Two counters, each step a read and a write that only the lock makes one. */
  public static final class LockedCounters {
    private final KeyLocks locks = new KeyLocks(60_000);
    private int left;
    private int right;

    /** Counts one up and returns it. */
    @Operation
    public int countLeft() {
      try (Keyspace.KeyLock held = locks.lock(1, new byte[] {1})) {
        assert held != null;
        return ++left;
      }
    }

    /** Counts the other up. */
    @Operation
    public int countRight() {
      try (Keyspace.KeyLock held = locks.lock(1, new byte[] {2})) {
        assert held != null;
        return ++right;
      }
    }

    /** Counts both up and returns their sum. */
    @Operation
    public int countBoth() {
      int[] stripes = {locks.stripeOf(1, new byte[] {2}), locks.stripeOf(1, new byte[] {1})};
      try (Keyspace.KeyLock held = locks.lockAll(stripes)) {
        assert held != null;
        return ++left + ++right;
      }
    }
  }

  /** No keyspaces at all. */
  private record NoKeyspaces() implements SnapshotRegistry.LiveKeyspaces {
    @Override
    public Set<Integer> dataIds() {
      return Set.of();
    }
  }

  /** A clock that stands still. */
  private static final class StillClock implements Clock {
    @Override
    public long currentTimeMillis() {
      return 0;
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }

  /** Snapshots taken and given back while numbers are published. */
  public static final class Snapshots {
    private static final NoKeyspaces NONE = new NoKeyspaces();
    private final SequenceNumbers sequences = new SequenceNumbers(0);
    private final SnapshotRegistry<NoKeyspaces> registry =
        new SnapshotRegistry<>(sequences, () -> NONE, new StillClock(), Duration.ofHours(1));

    /** Publishes the next number. */
    @Operation
    public synchronized void publish() {
      sequences.publish(sequences.visible() + 1);
    }

    /** Takes a snapshot and keeps it. */
    @Operation
    public long acquire() {
      return registry.acquire().sequence();
    }

    /** Returns the numbers that a merge must keep. */
    @Operation
    public String kept() {
      return Arrays.toString(registry.kept().sequences());
    }

    /** Returns how many there are. */
    @Operation
    public int size() {
      return registry.size();
    }
  }

  /** A storage engine of two cells with all their versions. */
  private static final class Cells implements CommitTarget {
    private static final int VERSIONS = 32;
    private final int[][] values = new int[2][VERSIONS];

    @Override
    public void makeRoom(PreparedBatch batch) {}

    @Override
    public void requireWritable() {}

    @Override
    public void apply(PreparedBatch batch, long firstSequence) {
      for (int index = 0; index < batch.size(); index++) {
        byte[] value = batch.value(index);
        values[batch.key(index)[0]][(int) firstSequence + index] = value == null ? 0 : value[0];
      }
    }

    @Override
    public void fail(Throwable failure) {
      throw new IllegalStateException(failure);
    }

    @Override
    public void committed() {}

    int newest(int cell, long sequence) {
      for (int version = (int) sequence; version > 0; version--) {
        if (values[cell][version] != 0) {
          return values[cell][version];
        }
      }
      return 0;
    }
  }

  /** Commits and reads of two cells. */
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public static final class Commits {
    private final SequenceNumbers sequences = new SequenceNumbers(0);
    private final Cells cells = new Cells();
    private final CommitPipeline pipeline = new CommitPipeline(sequences, CommitLog.none(), cells);

    /** Sets both cells in one batch. */
    @Operation
    public void setBoth(@Param(name = "value") int value) {
      PreparedBatch batch = new PreparedBatch(2);
      batch.add(1, new byte[] {0}, new byte[] {(byte) value}, 0);
      batch.add(1, new byte[] {1}, new byte[] {(byte) value}, 0);
      pipeline.commit(batch, SyncMode.NONE, () -> true);
    }

    /** Sets one cell. */
    @Operation
    public void setFirst(@Param(name = "value") int value) {
      PreparedBatch batch = new PreparedBatch(1);
      batch.add(1, new byte[] {0}, new byte[] {(byte) value}, 0);
      pipeline.commit(batch, SyncMode.ALWAYS, () -> true);
    }

    /** Makes everything visible. */
    @Operation
    public void sync() {
      pipeline.sync();
    }

    /** Reads both cells as of one moment. */
    @Operation
    public String read() {
      long sequence = sequences.visible();
      return cells.newest(0, sequence) + "," + cells.newest(1, sequence);
    }
  }

  /** Commits, and what is recorded of them for somebody who reads at a snapshot. */
  public static final class Recorded {
    private final SequenceNumbers sequences = new SequenceNumbers(0);
    private final CommitPipeline pipeline =
        new CommitPipeline(sequences, CommitLog.none(), new Cells());

    /** Commits a change. */
    @Operation
    public void commit() {
      PreparedBatch batch = new PreparedBatch(1);
      batch.add(1, new byte[] {0}, new byte[] {1}, 0);
      pipeline.commit(batch, SyncMode.NONE, () -> true);
    }

    /** Returns whether every change between snapshot and commit lock is recorded, which it always is. */
    @Operation
    public boolean missesNothing() {
      RecentWrites recent = pipeline.recentWrites();
      long floor = recent.open();
      while (sequences.visible() < floor) {
        pipeline.sync();
      }
      long snapshot = sequences.visible();
      boolean[] complete = new boolean[1];
      pipeline.exclusively(
          () -> {
            int[] seen = new int[1];
            long reached = recent.visitAfter(snapshot, (keyspaceId, key, sequence) -> seen[0]++);
            complete[0] =
                reached == sequences.last() && seen[0] == (int) (sequences.last() - snapshot);
          });
      recent.close();
      return complete[0];
    }
  }

  /** A clock fed by several threads with times of theirs. */
  @Param(name = "millis", gen = IntGen.class, conf = "1:9")
  public static final class Times {
    private final ExpiryClock clock = new ExpiryClock(new StillClock(), true);

    /** Feeds a time. */
    @Operation
    public void advanceTo(@Param(name = "millis") int millis) {
      clock.advanceTo(millis);
    }

    /** Returns the highest time fed so far. */
    @Operation
    public long millis() {
      return clock.millis();
    }

    /** Returns which of some expiries have passed. */
    @Operation
    public String expired() {
      boolean[] expired = {clock.isExpired(0), clock.isExpired(5)};
      return Arrays.toString(expired);
    }
  }
}
