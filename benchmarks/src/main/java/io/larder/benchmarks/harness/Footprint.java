package io.larder.benchmarks.harness;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the calling process holds in memory. Stateless. */
public final class Footprint {

  private Footprint() {}

  /** Heap in use after a collection. */
  public static Measurement heapAfterCollection() {
    System.gc();
    return Measurement.amount(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  /** Resident anonymous memory: heap touched and native allocations, without mapped files. */
  public static Optional<Measurement> residentAnonymous() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return Optional.empty();
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("RssAnon:")) {
        long kibibytes = Long.parseLong(line.replaceAll("[^0-9]", ""));
        return Optional.of(Measurement.amount(kibibytes * 1024));
      }
    }
    return Optional.empty();
  }

  /** Time from the start of this JVM until now. */
  public static Measurement sinceJvmStart() {
    long millis = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    return Measurement.duration(millis * 1_000_000);
  }
}
