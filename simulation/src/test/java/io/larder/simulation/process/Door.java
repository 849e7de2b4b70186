package io.larder.simulation.process;

import io.larder.simulation.process.Ledger.Change;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One way into a database, as far as the steps of a {@link Ledger} need it. Used by one thread. */
interface Door extends AutoCloseable {
  /** Small enough that a few hundred steps write tables out and merge them. */
  String SMALL = "memtable.size=64KB&wal.segment=64KB&sync=";

  /** Opens a database by the door of that name, with options as a URI has them. */
  static Door open(String name, Path directory, String options) throws Exception {
    String place = directory + "?" + options;
    return switch (name) {
      case "engine" -> new EngineDoor(place);
      case "cache" -> new CacheDoor(place);
      case "sql" -> new SqlDoor(place);
      default -> throw new IllegalArgumentException("no door is called " + name);
    };
  }

  /** Returns whether several changes can be one step through the door of that name. */
  static boolean isAtomic(String name) {
    return !name.equals("cache");
  }

  /** Takes one step; when it returns, the step is acknowledged. */
  void take(List<Change> changes) throws Exception;

  /** Does now what is otherwise done in the background. */
  default void tidy(long number) {}

  /** Reads everything. */
  Map<String, Map<Integer, String>> read() throws Exception;

  @Override
  void close() throws Exception;
}
