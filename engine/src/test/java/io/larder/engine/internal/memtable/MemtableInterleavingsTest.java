package io.larder.engine.internal.memtable;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.KeyHash;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.memtable.Leaves.LeafCopy;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * A reader and the writer of a memtable, stopped and switched between single memory accesses by a model checker. What
 * threads on a machine meet once in a million splits, it meets every time: without the split count, with the stores of a
 * split in another order, or with a copy that is not validated, the first test fails within seconds.
 */
class MemtableInterleavingsTest {
  private static final int INVOCATIONS = 250;

  @Test
  void copy_besideSplitsAndReusedSlots_isOneStateOfTheChain() throws Exception {
    Method add = Chain.class.getMethod("add", int.class);
    Method walk = Chain.class.getMethod("walk");
    check(
        Chain.class,
        scenario(calls(add, 1, 2, 3), List.of(call(walk))),
        scenario(calls(add, 1, 121, 2, 122), List.of(call(walk))));
  }

  @Test
  void get_besideInsertsAndUpdates_findsWhatWasPublished() throws Exception {
    Method add = Points.class.getMethod("add", int.class);
    Method newest = Points.class.getMethod("newest", int.class);
    check(
        Points.class,
        scenario(calls(add, 1, 2, 1), calls(newest, 1, 2, 1)),
        scenario(calls(add, 3, 3), calls(newest, 3, 3)));
  }

  @Test
  void seek_besideSplitsOfLeavesAndTheirIndex_findsWhatWasPublished() throws Exception {
    Method add = Ordered.class.getMethod("add", int.class);
    Method ceiling = Ordered.class.getMethod("ceiling", int.class);
    check(
        Ordered.class,
        scenario(calls(add, 1, 2, 131), calls(ceiling, 0, 76, 130)),
        scenario(calls(add, 131, 132, 1), calls(ceiling, 131, 2, 66)));
  }

  private static void check(Class<?> structure, ExecutionScenario... scenarios) {
    ModelCheckingOptions options = new ModelCheckingOptions();
    options.iterations(0).invocationsPerIteration(INVOCATIONS).minimizeFailedScenario(false);
    // Plain reads and writes of bytes that never change once published; not supported by the
    // checker.
    options.addGuarantee(
        new ManagedStrategyGuarantee.MethodBuilder(
                name -> name.equals(Arena.class.getName()) || name.equals(KeyHash.class.getName()))
            .allMethods()
            .ignore());
    Stream.of(scenarios).forEach(options::addCustomScenario);
    options.check(structure);
  }

  private static ExecutionScenario scenario(List<Actor> writer, List<Actor> reader) {
    return new ExecutionScenario(List.of(), List.of(writer, reader), List.of(), null);
  }

  private static List<Actor> calls(Method method, int... numbers) {
    List<Actor> calls = new ArrayList<>();
    for (int number : numbers) {
      calls.add(call(method, number));
    }
    return calls;
  }

  private static Actor call(Method method, Object... arguments) {
    return new Actor(method, List.of(arguments));
  }

  /** A chain of leaves, one key short of its first split. */
  @Param(name = "number", gen = IntGen.class)
  public static final class Chain {
    private final Leaves leaves = new Leaves();
    private final List<Integer> chain = new ArrayList<>();
    private volatile int visible;
    private int added;

    /** Fills the first leaf with 13 keys. */
    public Chain() {
      chain.add(leaves.create());
      for (int i = 0; i < Leaves.CAPACITY - 1; i++) {
        add(i * 10 + 5);
      }
    }

    /** Adds a key, splitting its leaf if that is full. */
    @Operation
    public void add(int number) {
      int at = chain.size() - 1;
      while (at > 0 && leaves.prefix(chain.get(at), 0) > number) {
        at--;
      }
      int leaf = chain.get(at);
      int index = leaves.ceiling(leaf, number);
      if (leaves.count(leaf) < Leaves.CAPACITY) {
        leaves.insert(leaf, index, number, added);
      } else {
        int remaining = Leaves.CAPACITY / 2;
        int upper = leaves.copyUpper(leaf, remaining);
        boolean moves = index >= remaining;
        if (moves) {
          leaves.insert(upper, index - remaining, number, added);
        }
        leaves.publishSplit(leaf, upper, remaining);
        if (!moves) {
          leaves.insert(leaf, index, number, added);
        }
        chain.add(at + 1, upper);
      }
      visible = ++added;
    }

    /** Returns the keys that were visible when the walk began. */
    @Operation
    public String walk() {
      int snapshot = visible;
      StringBuilder seen = new StringBuilder();
      LeafCopy copy = new LeafCopy();
      long last = -1;
      int next = 1;
      while (next != 0) {
        leaves.copy(next, copy);
        for (int i = 0; i < copy.count; i++) {
          boolean passed = copy.prefixes[i] <= last;
          last = Math.max(last, copy.prefixes[i]);
          if (!passed && copy.keyNumbers[i] < snapshot) {
            seen.append(last).append(' ');
          }
        }
        next = copy.next;
      }
      return seen.toString();
    }
  }

  /** A memtable one key short of the first split of its tree. */
  @Param(name = "number", gen = IntGen.class)
  public static final class Ordered {
    private final Memtable memtable = new Memtable(1);
    private volatile long visible;

    /** Adds 13 keys. */
    public Ordered() {
      for (int i = 0; i < Leaves.CAPACITY - 1; i++) {
        add(i * 10 + 5);
      }
    }

    /** Adds a key. */
    @Operation
    public void add(int number) {
      long sequence = visible + 1;
      memtable.add(1, new byte[] {(byte) number}, sequence, new byte[0], 0);
      visible = sequence;
    }

    /** Returns the first visible key at or above a number, -1 if there is none. */
    @Operation
    public int ceiling(int number) {
      long snapshot = visible;
      try (EntryCursor cursor = memtable.cursor()) {
        cursor.seek(1, new byte[] {(byte) number});
        while (cursor.next()) {
          if (cursor.sequence() <= snapshot) {
            return cursor.key()[0] & 0xFF;
          }
        }
        return -1;
      }
    }
  }

  /** An empty memtable and the sequence number up to which readers may look. */
  @Param(name = "number", gen = IntGen.class)
  public static final class Points {
    private final Memtable memtable = new Memtable(1);
    private final Lookup lookup = new Lookup();
    private volatile long visible;

    /** Writes a key. */
    @Operation
    public long add(int number) {
      long sequence = visible + 1;
      memtable.add(1, new byte[] {(byte) number}, sequence, new byte[] {(byte) number}, 0);
      visible = sequence;
      return sequence;
    }

    /** Returns the sequence number of the newest visible version of a key, 0 if there is none. */
    @Operation
    public long newest(int number) {
      return memtable.get(1, new byte[] {(byte) number}, visible, lookup) ? lookup.sequence() : 0;
    }
  }
}
