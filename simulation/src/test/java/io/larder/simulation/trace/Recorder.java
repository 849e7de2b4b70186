package io.larder.simulation.trace;

import io.larder.engine.internal.io.FaultHook;
import io.larder.engine.internal.io.IoCall;
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
 * become {@code #1, #2} in the order they are met; and segments of the log that a thread prepares ahead, since whether it
 * comes in time is chance.
 */
final class Recorder implements FaultHook {
  private static final Pattern NUMBERED = Pattern.compile("([0-9a-f]{16})\\.(\\w+)(\\.\\w+)?");
  private static final String PREPARING = "larder-log";

  private final List<String> calls = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  @Override
  public Fault before(IoCall call) {
    String name = String.valueOf(call.path().getFileName());
    boolean prepared =
        Thread.currentThread().getName().startsWith(PREPARING) || name.endsWith(".spare");
    if (call.operation().isChanging() && !prepared) {
      note(call.operation().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + named(name));
    }
    return Fault.NONE;
  }

  private synchronized void note(String line) {
    if (calls.isEmpty() || !calls.get(calls.size() - 1).equals(line)) {
      calls.add(line);
    }
  }

  private synchronized String named(String name) {
    Matcher matcher = NUMBERED.matcher(name);
    if (!matcher.matches()) {
      return name;
    }
    String kind = matcher.group(2);
    Integer number = numbers.get(name);
    if (number == null) {
      number = counts.merge(kind, 1, Integer::sum);
      numbers.put(name, number);
    }
    return kind + " #" + number;
  }

  /** Returns what was noted since it was asked last. */
  synchronized List<String> take() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }
}
