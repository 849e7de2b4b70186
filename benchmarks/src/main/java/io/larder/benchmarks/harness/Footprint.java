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

  /** Resident memory: heap touched, native allocations and the mapped files in memory. */
  public static Optional<Measurement> resident() throws IOException {
    return bytes("VmRSS:").map(Measurement::amount);
  }

  /** Resident anonymous memory: heap touched and native allocations, without mapped files. */
  public static Optional<Measurement> residentAnonymous() throws IOException {
    return bytes("RssAnon:").map(Measurement::amount);
  }

  private static Optional<Long> bytes(String field) throws IOException {
    Path file = Path.of("/proc/self/status");
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(field)) {
        return Optional.of(Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024);
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
