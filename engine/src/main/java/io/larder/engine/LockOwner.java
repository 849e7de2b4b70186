package io.larder.engine;

import io.larder.engine.internal.io.ThisProcess;
import io.larder.engine.spi.Clock;
import java.time.Instant;

/** Says who holds a database, for those who find it held. Stateless. */
final class LockOwner {
  private LockOwner() {}

  /** Returns the process, the machine and since when. */
  static String describe(Clock clock) {
    return "process "
        + ThisProcess.id()
        + " on host "
        + ThisProcess.host()
        + " since "
        + Instant.ofEpochMilli(clock.currentTimeMillis());
  }
}
