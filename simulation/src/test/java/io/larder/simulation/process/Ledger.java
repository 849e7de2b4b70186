package io.larder.simulation.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What numbered steps do to tables of numbered texts, and so what must be found after any number of them. Not
 * thread-safe.
 *
 * <p>A step follows from its number alone, so the program that takes the steps and the one that judges what is left of
 * them need to share nothing but a number.
 */
final class Ledger {
  private static final List<String> TABLES = List.of("a", "b");
  private static final String SCRATCH = "scratch";
  private static final int KEYS = 60;

  private final boolean atomic;
  private final Map<String, Map<Integer, String>> state = new TreeMap<>();
  private long taken;

  /** What a change does. */
  enum Kind {
    CREATE,
    DROP,
    PUT,
    REMOVE
  }

  /** One change of one table; key and value where its kind has them. */
  record Change(Kind kind, String table, int key, String value) {}

  /**
   * Creates an empty ledger.
   *
   * @param atomic whether a step may consist of several changes
   */
  Ledger(boolean atomic) {
    this.atomic = atomic;
  }

  /** Returns the changes of a step; creations and drops stand alone. */
  static List<Change> step(long number, boolean atomic) {
    if (number <= TABLES.size()) {
      return List.of(new Change(Kind.CREATE, TABLES.get((int) number - 1), 0, ""));
    }
    int phase = (int) (number % 40);
    if (phase == 37) {
      return List.of(new Change(Kind.CREATE, SCRATCH, 0, ""));
    } else if (phase == 38) {
      return List.of(new Change(Kind.PUT, SCRATCH, 1, value(number)));
    } else if (phase == 39) {
      return List.of(new Change(Kind.DROP, SCRATCH, 0, ""));
    }
    Random random = new Random(number * 0x9E3779B97F4A7C15L);
    List<Change> changes = new ArrayList<>();
    int count = atomic ? 1 + random.nextInt(6) : 1;
    for (int i = 0; i < count; i++) {
      String table = TABLES.get(random.nextInt(TABLES.size()));
      int key = random.nextInt(KEYS);
      boolean put = random.nextInt(4) > 0;
      changes.add(new Change(put ? Kind.PUT : Kind.REMOVE, table, key, put ? value(number) : ""));
    }
    return changes;
  }

  private static String value(long number) {
    return number + "x".repeat((int) (number * 37 % 700));
  }

  /** Returns how many steps were taken. */
  long taken() {
    return taken;
  }

  /** Takes steps until so many are taken. */
  void advanceTo(long number) {
    while (taken < number) {
      taken++;
      step(taken, atomic).forEach(this::apply);
    }
  }

  private void apply(Change change) {
    switch (change.kind()) {
      case CREATE -> state.put(change.table(), new TreeMap<>());
      case DROP -> state.remove(change.table());
      case PUT -> state.get(change.table()).put(change.key(), change.value());
      case REMOVE -> state.get(change.table()).remove(change.key());
    }
  }

  /** Returns whether a database holds what it should after the steps taken. */
  boolean isRight(Map<String, Map<Integer, String>> found) {
    return state.equals(found);
  }

  /**
   * Moves to where a database is found, which lies between steps acknowledged and steps begun.
   *
   * @throws AssertionError if it is elsewhere
   */
  void moveTo(Map<String, Map<Integer, String>> found, long acknowledged, long begun) {
    // A step can leave everything as it was; the later one is meant then, and taking it again does
    // no harm.
    advanceTo(acknowledged);
    while (!isRight(found)) {
      if (taken >= begun) {
        throw new AssertionError(
            "found a state that is none of those after step "
                + acknowledged
                + " to "
                + begun
                + difference(found));
      }
      advanceTo(taken + 1);
    }
  }

  private String difference(Map<String, Map<Integer, String>> found) {
    StringBuilder text = new StringBuilder(", last one against it:");
    if (!state.keySet().equals(found.keySet())) {
      return text + " tables " + found.keySet() + ", expected " + state.keySet();
    }
    state.forEach(
        (table, entries) -> {
          Map<Integer, String> others = found.get(table);
          for (int key = 0; key < KEYS; key++) {
            String expected = shortened(entries.get(key));
            String actual = shortened(others.get(key));
            if (!expected.equals(actual)) {
              text.append(" %s[%d] is %s, expected %s;".formatted(table, key, actual, expected));
            }
          }
        });
    return text.toString();
  }

  private static String shortened(String value) {
    return value == null ? "absent" : value.replaceAll("x.*", "") + " of " + value.length();
  }
}
