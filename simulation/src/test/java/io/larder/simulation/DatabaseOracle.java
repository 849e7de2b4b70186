package io.larder.simulation;

import io.larder.engine.api.Database;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import java.util.Map;

/** Judges what is found on a disk after something went wrong with it. Stateless. */
final class DatabaseOracle {
  private static final int STEPS_AFTERWARDS = 3;

  private DatabaseOracle() {}

  /** Reopens, goes on working, loses the power again, and reopens again. */
  static void judge(InMemoryFileSystem crashed, DatabaseModel model, int acknowledged, long seed) {
    int started = model.started();
    int recovered = recover(crashed, model, acknowledged, started);
    DatabaseModel afterwards = model.goingOnFrom(recovered);
    DatabaseWorkload further = new DatabaseWorkload(crashed, seed, STEPS_AFTERWARDS, afterwards);
    further.run();
    crashed.requireNoLeaks();
    InMemoryFileSystem again = crashed.afterCrash(LossModel.NOTHING, 0);
    recover(again, afterwards, afterwards.started(), afterwards.started());
  }

  /** Opens the database and returns after which step it is. */
  static int recover(InMemoryFileSystem fileSystem, DatabaseModel model, int from, int to) {
    Map<String, Map<String, String>> found;
    try (Database database = DatabaseWorkload.open(fileSystem, new ManualClock())) {
      found = DatabaseModel.read(database);
    }
    int step = model.find(found, from, to);
    if (step < 0) {
      int elsewhere = model.find(found, 0, to);
      throw new AssertionError(
          "found "
              + (elsewhere < 0 ? "a state that never was" : "the state after step " + elsewhere)
              + ", acknowledged "
              + from
              + ", started "
              + to
              + difference(model.state(from), found));
    }
    return step;
  }

  private static String difference(
      Map<String, Map<String, String>> expected, Map<String, Map<String, String>> found) {
    StringBuilder text = new StringBuilder("; against the acknowledged one:");
    if (!expected.keySet().equals(found.keySet())) {
      return text + " keyspaces " + found.keySet() + ", expected " + expected.keySet();
    }
    expected.forEach(
        (name, entries) -> {
          if (!entries.equals(found.get(name))) {
            text.append(' ').append(name).append(" marker ").append(found.get(name).get("marker"));
            text.append(" expected ").append(entries.get("marker"));
          }
        });
    return text.toString();
  }
}
