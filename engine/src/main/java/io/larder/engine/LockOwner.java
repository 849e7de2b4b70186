package io.larder.engine;

import io.larder.engine.spi.Clock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/** Says who holds a database, for those who find it held. Stateless. */
final class LockOwner {
  private LockOwner() {}

  /** Returns the process, the machine and since when. */
  static String describe(Clock clock) {
    return "process "
        + ProcessHandle.current().pid()
        + " on host "
        + host()
        + " since "
        + Instant.ofEpochMilli(clock.currentTimeMillis());
  }

  private static String host() {
    String given = System.getenv("HOSTNAME");
    if (given != null && !given.isBlank()) {
      return given;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown (" + e.getMessage() + ")";
    }
  }
}
