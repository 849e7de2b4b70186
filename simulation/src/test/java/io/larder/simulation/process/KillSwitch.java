package io.larder.simulation.process;

import io.larder.engine.spi.FileSystem.OpenMode;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kills its own process at an exact call of the file system. Thread-safe; called from the file system's classes, into
 * which {@link PatchedClasses} puts the calls.
 *
 * <p>System properties say when: {@code larder.kill.call} the method, {@code larder.kill.at} how often it is called
 * first, {@code larder.kill.moment} before the call, after it, or, for writes, in the middle. Without them calls are
 * only counted, and printed at the end.
 */
public final class KillSwitch {
  private static final int STATUS = 137;
  private static final int MAPPED_WRITE_ARGUMENTS = 4;
  private static final String CALL = System.getProperty("larder.kill.call", "");
  private static final long AT = Long.getLong("larder.kill.at", Long.MAX_VALUE);
  private static final Moment MOMENT =
      Moment.valueOf(System.getProperty("larder.kill.moment", "before").toUpperCase(Locale.ROOT));

  private static final Map<String, Long> COUNTS = new TreeMap<>();
  private static volatile Thread armed;

  /** When the process dies: before the call, in the middle of what it writes, or after it. */
  enum Moment {
    BEFORE,
    MIDDLE,
    AFTER
  }

  private KillSwitch() {}

  /** Counts a call about to be made, and dies if it is the one. */
  public static void before(String method, Object[] arguments) {
    if (method.equals("open") && arguments[1] != OpenMode.CREATE_NEW) {
      return;
    }
    String call = arguments.length == MAPPED_WRITE_ARGUMENTS ? "writeMapped" : method;
    long count;
    synchronized (COUNTS) {
      count = COUNTS.merge(call, 1L, Long::sum);
    }
    if (call.equals(CALL) && count == AT) {
      if (MOMENT == Moment.BEFORE) {
        die();
      } else if (MOMENT == Moment.MIDDLE && arguments.length > 1) {
        shorten(arguments[1]);
      }
      armed = Thread.currentThread();
    }
  }

  private static void shorten(Object argument) {
    if (argument instanceof ByteBuffer bytes) {
      bytes.limit(bytes.position() + (bytes.remaining() + 1) / 2);
    }
  }

  /** Dies if the call just made is the one. */
  public static void after() {
    if (armed == Thread.currentThread()) {
      die();
    }
  }

  private static void die() {
    Runtime.getRuntime().halt(STATUS); // no hook runs, no buffer is written: as SIGKILL
  }

  /** Returns how often each method was called, one a line. */
  static String counts() {
    StringBuilder text = new StringBuilder();
    synchronized (COUNTS) {
      COUNTS.forEach((method, count) -> text.append("c " + method + " " + count + "\n"));
    }
    return text.toString();
  }
}
