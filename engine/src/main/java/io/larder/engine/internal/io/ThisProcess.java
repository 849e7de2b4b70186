package io.larder.engine.internal.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which process this is, and on which machine. Stateless.
 *
 * <p>Where there is a {@code /proc} it is asked: the classes of the JDK that know both take some 20 ms to start, which the
 * first opening of each process would wait for.
 */
public final class ThisProcess {
  private static final Path SELF = Path.of("/proc/self");
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private ThisProcess() {}

  /** Returns the number the operating system knows the process by. */
  public static long id() {
    try {
      return Long.parseLong(SELF.toRealPath().toFile().getName());
    } catch (IOException | NumberFormatException e) {
      return ProcessHandle.current().pid();
    }
  }

  /** Returns the name of the machine, or why it is not known. */
  public static String host() {
    String given = System.getenv("HOSTNAME");
    if (given != null && !given.isBlank()) {
      return given;
    }
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return hostOfTheNetwork();
    }
  }

  private static String hostOfTheNetwork() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown (" + e.getMessage() + ")";
    }
  }
}
