package io.larder.engine;

import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Whole databases under real threads: whatever several of them saw must be explained by one order of the calls. Here the
 * threads are the machine's, since a database is too large for the model checker that {@code MvccInterleavingsTest} uses
 * on its parts.
 */
class LinearizabilityTest {
  private static final int ITERATIONS = Integer.getInteger("larder.lincheck.iterations", 4);
  private static final int INVOCATIONS =
      10 * Integer.getInteger("larder.lincheck.invocations", 100);

  private static void check(Class<?> structure) {
    new StressOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(INVOCATIONS)
        .threads(2)
        .actorsPerThread(4)
        .actorsBefore(1)
        .actorsAfter(1)
        .minimizeFailedScenario(false)
        .check(structure);
  }

  @Test
  void putGetDelete_andPutIfAbsentUnderTheKeysLock() {
    check(Map.class);
  }

  @Test
  void batchesAndSnapshots() {
    check(Pair.class);
  }

  @Test
  void transactionsTriedAgainUntilTheyCommit() {
    check(Counters.class);
  }

  private static Database open() {
    return Databases.open(
        new DatabaseLocation.InMemory("lincheck"), DatabaseOptions.defaults(), new ManualClock());
  }

  /** A keyspace as a map from numbers to numbers. */
  @Param(name = "key", gen = IntGen.class, conf = "1:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public static final class Map {
    private final Keyspace keyspace = open().createKeyspace("map");

    private static byte[] bytes(int number) {
      return new byte[] {(byte) number};
    }

    /** Puts. */
    @Operation
    public void put(@Param(name = "key") int key, @Param(name = "value") int value) {
      keyspace.put(bytes(key), bytes(value));
    }

    /** Deletes. */
    @Operation
    public void delete(@Param(name = "key") int key) {
      keyspace.delete(bytes(key));
    }

    /** Gets; 0 if absent. */
    @Operation
    public int get(@Param(name = "key") int key) {
      byte[] value = keyspace.get(bytes(key));
      return value == null ? 0 : value[0];
    }

    /** Puts if absent, which must not interleave with others that do the same. */
    @Operation
    public boolean putIfAbsent() {
      try (Keyspace.KeyLock held = keyspace.lock(bytes(3))) {
        assert held != null;
        if (keyspace.exists(bytes(3))) {
          return false;
        }
        keyspace.put(bytes(3), bytes(1));
        return true;
      }
    }
  }

  /** Two keys of two keyspaces that are set together. */
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public static final class Pair {
    private final Database database = open();
    private final Keyspace left = database.createKeyspace("left");
    private final Keyspace right = database.createKeyspace("right");
    private final byte[] key = {1};

    /** Sets both. */
    @Operation
    public void set(@Param(name = "value") int value) {
      byte[] bytes = {(byte) value};
      database.write(new WriteBatch().put(left, key, bytes).put(right, key, bytes));
    }

    /** Removes one. */
    @Operation
    public void removeRight() {
      right.delete(key);
    }

    /** Reads both through a snapshot. */
    @Operation
    public String get() {
      try (Snapshot snapshot = database.snapshot()) {
        return number(snapshot.get(left, key)) + "," + number(snapshot.get(right, key));
      }
    }

    private static int number(byte[] value) {
      return value == null ? 0 : value[0];
    }
  }

  /** Two counters that transactions count. */
  public static final class Counters {
    private final Database database = open();
    private final Keyspace counters = database.createKeyspace("counters");

    /** Counts one up, and returns it. */
    @Operation
    public int count() {
      return add(1, IsolationLevel.SNAPSHOT);
    }

    /** Sets the other counter to the first one's count, which only a serializable transaction may do so. */
    @Operation
    public int copy() {
      while (true) {
        try (Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE)) {
          byte[] first = transaction.get(counters, new byte[] {1});
          int count = first == null ? 0 : first[0];
          transaction.put(counters, new byte[] {2}, new byte[] {(byte) count});
          transaction.commit();
          return count;
        } catch (ConflictException e) {
          Thread.onSpinWait();
        }
      }
    }

    /** Sets the first counter to one more than the second. */
    @Operation
    public int copyBack() {
      while (true) {
        try (Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE)) {
          byte[] second = transaction.get(counters, new byte[] {2});
          int count = (second == null ? 0 : second[0]) + 1;
          transaction.put(counters, new byte[] {1}, new byte[] {(byte) count});
          transaction.commit();
          return count;
        } catch (ConflictException e) {
          Thread.onSpinWait();
        }
      }
    }

    private int add(int counter, IsolationLevel level) {
      byte[] key = {(byte) counter};
      while (true) {
        try (Transaction transaction = database.begin(level)) {
          byte[] value = transaction.get(counters, key);
          int count = (value == null ? 0 : value[0]) + 1;
          transaction.put(counters, key, new byte[] {(byte) count});
          transaction.commit();
          return count;
        } catch (ConflictException e) {
          Thread.onSpinWait();
        }
      }
    }
  }
}
