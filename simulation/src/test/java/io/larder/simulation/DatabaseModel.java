package io.larder.simulation;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a database should hold after each step of a workload. Written by one thread, read by any.
 *
 * <p>A state is a map from keyspace names to maps from keys to values, all as text. The state after each step is
 * kept, so that whatever a recovery finds can be looked up.
 */
final class DatabaseModel {
  private final List<Map<String, Map<String, String>>> states = new ArrayList<>();

  /** The last step acknowledged as durable. */
  private volatile int acknowledgedDurable;

  /** The last step acknowledged in any mode. */
  private volatile int acknowledged;

  /** The last step begun. */
  private volatile int started;

  DatabaseModel() {
    states.add(Map.of());
  }

  /** Returns a model that goes on from a state of this one. */
  DatabaseModel goingOnFrom(int step) {
    DatabaseModel next = new DatabaseModel();
    next.states.set(0, state(step));
    return next;
  }

  int acknowledgedDurable() {
    return acknowledgedDurable;
  }

  int acknowledged() {
    return acknowledged;
  }

  int started() {
    return started;
  }

  synchronized Map<String, Map<String, String>> state(int step) {
    return states.get(step);
  }

  /** Returns a copy of the newest state, to be changed and given to {@link #begin}. */
  synchronized Map<String, Map<String, String>> copyOfLast() {
    Map<String, Map<String, String>> copy = new TreeMap<>();
    states.get(states.size() - 1).forEach((name, map) -> copy.put(name, new TreeMap<>(map)));
    return copy;
  }

  /** Notes the state that a step which begins now leads to. */
  synchronized void begin(Map<String, Map<String, String>> after) {
    states.add(after);
    started = states.size() - 1;
  }

  /** Notes that everything begun is acknowledged. */
  void acknowledge(boolean durable) {
    acknowledged = started;
    if (durable) {
      acknowledgedDurable = started;
    }
  }

  /** Returns the last step in a range whose state is the one found, or -1. */
  int find(Map<String, Map<String, String>> found, int from, int to) {
    for (int step = to; step >= from; step--) {
      if (state(step).equals(found)) {
        return step;
      }
    }
    return -1;
  }

  /** Reads everything, by cursors both ways and by key, which must agree. */
  static Map<String, Map<String, String>> read(Database database) {
    Map<String, Map<String, String>> found = new TreeMap<>();
    for (String name : database.keyspaceNames()) {
      Keyspace keyspace = database.keyspace(name);
      Map<String, String> entries = new TreeMap<>();
      try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
        while (cursor.next()) {
          byte[] key = cursor.key();
          entries.put(text(key), text(cursor.value()));
          byte[] value = keyspace.get(key);
          if (value == null || !text(value).equals(text(cursor.value()))) {
            throw new AssertionError(
                "the cursor finds " + text(key) + " in " + name + ", the lookup something else");
          }
        }
      }
      int count = 0;
      try (Cursor cursor = keyspace.cursorDescending(KeyRange.all())) {
        while (cursor.next()) {
          count++;
        }
      }
      if (count != entries.size()) {
        throw new AssertionError("backwards " + count + " entries, forwards " + entries.size());
      }
      found.put(name, entries);
    }
    return found;
  }

  static String text(byte[] bytes) {
    return bytes.length > 40
        ? HexFormat.of().formatHex(bytes, 0, 8) + "#" + bytes.length + "#" + hash(bytes)
        : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static int hash(byte[] bytes) {
    return java.util.Arrays.hashCode(bytes);
  }
}
