package io.larder.engine;

import io.larder.engine.api.Database;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Writes more into a database than the heap holds, reads samples back, and prints what it took. */
final class SmallHeapWriter {
  private static final int VALUE_BYTES = 1_000;
  private static final int OVERWRITTEN_PART = 10;

  private SmallHeapWriter() {}

  public static void main(String[] arguments) throws IOException {
    LarderUri uri = LarderUri.parse(arguments[0]);
    long entries = Long.parseLong(arguments[1]) * (1 << 20) / (VALUE_BYTES + Long.BYTES);
    try (Database database = Databases.open(uri)) {
      Keyspace numbers = database.openKeyspace("numbers");
      long start = System.nanoTime();
      long longest = 0;
      for (long entry = 0; entry < entries; entry++) {
        // each tenth entry is an older one anew
        long number = entry % OVERWRITTEN_PART == 0 ? entry / OVERWRITTEN_PART : entry;
        long before = System.nanoTime();
        numbers.put(key(number), value(number));
        longest = Math.max(longest, System.nanoTime() - before);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      for (long sample = 1; sample < entries; sample += Math.max(1, entries / 1_000)) {
        if (sample % OVERWRITTEN_PART != 0
            && !java.util.Arrays.equals(numbers.get(key(sample)), value(sample))) {
          throw new IllegalStateException("entry " + sample + " is not what was written");
        }
      }
      System.out.printf(
          Locale.ROOT,
          "entries %d, %.0f MB/s, longest put %.1f ms, %s%n",
          entries,
          entries * (VALUE_BYTES + Long.BYTES) / 1e6 / seconds,
          longest / 1e6,
          memory());
      System.out.println(statistics(database));
    }
    System.out.println("closed");
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number * 0x9E3779B97F4A7C15L).array();
  }

  private static byte[] value(long number) {
    byte[] value = new byte[VALUE_BYTES];
    new Random(number).nextBytes(value);
    return value;
  }

  private static String memory() throws IOException {
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    StringBuilder text = new StringBuilder("heap peak " + (peak >> 20) + " MB");
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM") || line.startsWith("RssAnon")) {
          text.append(", ").append(line.replaceAll("\\s+", " "));
        }
      }
    }
    return text.toString();
  }

  private static String statistics(Database database) {
    var statistics = database.statistics();
    return "stalls "
        + statistics.get("stall.count")
        + " of "
        + TimeUnit.MICROSECONDS.toMillis(statistics.get("stall.micros"))
        + " ms, longest "
        + statistics.get("stall.longest.micros")
        + " us, stops "
        + statistics.get("stall.stops")
        + ", runs "
        + statistics.get("table.runs")
        + ", tables "
        + (statistics.get("table.bytes") >> 20)
        + " MB, written "
        + statistics.get("amplification.write.percent")
        + " %, flushes "
        + statistics.get("flushes")
        + ", merges "
        + statistics.get("merges");
  }
}
