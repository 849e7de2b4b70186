package io.larder.simulation.trace;

import io.larder.engine.internal.io.FaultHook;
import io.larder.engine.internal.io.IoCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Notes the calls that change the disk. Thread-safe: it is asked under the file system's lock.
 *
 * <p>What may change without harm is left out: sizes and offsets; repeated writes of one file; numbers of files, which
 * become {@code #1, #2} in the order they are met. So are what other threads do while nobody waits for it, segments of the
 * log prepared ahead, and the deletion of tables that nobody reads any more: when they come is chance.
 */
final class Recorder implements FaultHook {
  private static final Pattern NUMBERED = Pattern.compile("([0-9a-f]{16})\\.(\\w+)(\\.\\w+)?");
  private static final Pattern TIME = Pattern.compile("[0-9]{8}T[0-9]{6}\\.[0-9]{3}Z");
  private static final String MAINTENANCE = "larder-maintenance";
  private static final String DATABASE = "database";
  private static final String ABOVE = "disk";

  private final Thread caller = Thread.currentThread();
  private volatile boolean waitedFor;
  private final List<String> calls = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  @Override
  public Fault before(IoCall call) {
    String name = String.valueOf(call.path().getFileName());
    if (call.operation().isChanging() && isCertain(call, name)) {
      String operation = call.operation().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      note(operation + " " + place(call.path()) + named(name));
    }
    return Fault.NONE;
  }

  /** Returns where a file is, if that is not the database. */
  private String place(Path path) {
    Path parent = path.getParent();
    Path above = parent == null ? null : parent.getFileName();
    String name = above == null ? "" : above.toString();
    return name.isEmpty() || name.equals(DATABASE) || name.equals(ABOVE)
        ? ""
        : timeless(name) + "/";
  }

  private static String timeless(String name) {
    return TIME.matcher(name).replaceFirst("TIME");
  }

  private boolean isCertain(IoCall call, String name) {
    Thread thread = Thread.currentThread();
    boolean ordered = thread == caller || (waitedFor && thread.getName().startsWith(MAINTENANCE));
    boolean late = call.operation() == IoCall.Operation.DELETE && name.endsWith(".table");
    return ordered && !late && !name.endsWith(".spare");
  }

  private synchronized void note(String line) {
    if (calls.isEmpty() || !calls.get(calls.size() - 1).equals(line)) {
      calls.add(line);
    }
  }

  private synchronized String named(String name) {
    Matcher matcher = NUMBERED.matcher(name);
    if (!matcher.matches()) {
      return timeless(name);
    }
    String kind = matcher.group(2);
    Integer number = numbers.get(name);
    if (number == null) {
      number = counts.merge(kind, 1, Integer::sum);
      numbers.put(name, number);
    }
    return kind + " #" + number;
  }

  /**
   * Forgets what was noted and begins anew.
   *
   * @param maintenanceIsWaitedFor whether the maintenance thread's calls are noted too
   */
  synchronized void begin(boolean maintenanceIsWaitedFor) {
    calls.clear();
    waitedFor = maintenanceIsWaitedFor;
  }

  /** Returns what was noted since it began. */
  synchronized List<String> take() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }
}
