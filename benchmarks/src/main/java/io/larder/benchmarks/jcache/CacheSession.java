package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.Footprint;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.Meter;
import io.larder.benchmarks.harness.Padding;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/**
 * Runs the cache workloads on one provider. Confined to the worker's main thread, but for the
 * measuring threads it starts and waits for. Every value read is compared with what its key says.
 */
final class CacheSession implements Session {

  /** Caches of an application are smaller than databases; more entries measure cache misses. */
  static final long ENTRIES_MAX = 100_000;

  private static final int OPERATIONS_A_SLICE = 64;
  private static final String[] CITIES = {"Amsterdam", "Bratislava", "Cartagena", "Dordrecht"};

  private final CacheContestant contestant;
  private final RunSettings settings;
  private final Path directory;
  private final int entries;
  private final String[] keys;
  private final String[] missingKeys;
  private final SplittableRandom seeds = new SplittableRandom(42);
  private @Nullable CacheManager manager;
  private @Nullable Cache<String, String> strings;
  private @Nullable Cache<String, Customer> customers;
  private @Nullable Cache<String, Long> counters;

  CacheSession(CacheContestant contestant, RunSettings settings, Path directory) {
    this.contestant = contestant;
    this.settings = settings;
    this.directory = directory;
    this.entries = (int) Math.min(ENTRIES_MAX, settings.entries());
    this.keys = new String[entries];
    this.missingKeys = new String[entries];
    for (int number = 0; number < entries; number++) {
      keys[number] = "key-" + Padding.padded(number, 10);
      missingKeys[number] = "nothing-" + Padding.padded(number, 10);
    }
  }

  /** Counts up; the same object serves all keys, as in an application. */
  private static final class CountUp implements EntryProcessor<String, Long, Long>, Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public Long process(MutableEntry<String, Long> entry, Object... arguments) {
      long count = entry.getValue() + 1;
      entry.setValue(count);
      return count;
    }
  }

  @Override
  public Optional<Measurement> run(String workload) throws Exception {
    CacheWorkload work = CacheWorkload.valueOf(workload);
    boolean loaded = strings != null && customers != null;
    if (!loaded && work.needsLoad()) {
      return Optional.empty();
    }
    return switch (work) {
      case LOAD_STRING -> Optional.of(loadStrings());
      case LOAD_RECORD -> Optional.of(loadRecords());
      case GET_STRING -> Optional.of(Meter.repeat(1, settings.workloadMillis(), this::getStrings));
      case GET_STRING_TWO_THREADS ->
          Optional.of(Meter.repeat(2, settings.workloadMillis(), this::getStrings));
      case GET_MISS -> Optional.of(Meter.repeat(1, settings.workloadMillis(), this::misses));
      case GET_RECORD -> Optional.of(Meter.repeat(1, settings.workloadMillis(), this::getRecords));
      case PUT_STRING -> Optional.of(Meter.repeat(1, settings.workloadMillis(), this::putStrings));
      case PUT_RECORD -> Optional.of(Meter.repeat(1, settings.workloadMillis(), this::putRecords));
      case INVOKE -> Optional.of(invoke());
      case HEAP -> Optional.of(Footprint.heapAfterCollection());
      case SIZE_ON_DISK -> Optional.of(Measurement.amount(Directories.sizeBytes(directory)));
      case FIRST_CACHE -> Optional.of(firstCache());
      case LOAD_BEFORE_KILL -> Optional.of(loadStrings());
      case FOUND_AFTER_KILL -> Optional.of(foundAfterKill());
    };
  }

  private static String string(int number) {
    return "value "
        + Padding.padded(number, 10)
        + ", of one hundred characters, as a cached page fragment might be: "
        + Padding.padded(number, 19);
  }

  private static Customer customer(int number) {
    return new Customer(
        number,
        "Customer " + Padding.padded(number, 11),
        CITIES[number % CITIES.length],
        number % 3 == 0);
  }

  private CacheManager manager() throws Exception {
    CacheManager open = manager;
    if (open == null) {
      Directories.recreate(directory.resolve("live"));
      open = contestant.open(directory.resolve("live"), entries);
      manager = open;
    }
    return open;
  }

  private Measurement loadStrings() throws Exception {
    if (strings != null) {
      manager().destroyCache("strings");
    }
    Cache<String, String> cache = contestant.cache(manager(), "strings", String.class, entries);
    Measurement measurement =
        Meter.once(
            () -> {
              for (int number = 0; number < entries; number++) {
                cache.put(keys[number], string(number));
              }
              return entries;
            });
    strings = cache;
    return measurement;
  }

  private Measurement loadRecords() throws Exception {
    if (customers != null) {
      manager().destroyCache("customers");
    }
    Cache<String, Customer> cache =
        contestant.cache(manager(), "customers", Customer.class, entries);
    Measurement measurement =
        Meter.once(
            () -> {
              for (int number = 0; number < entries; number++) {
                cache.put(keys[number], customer(number));
              }
              return entries;
            });
    customers = cache;
    return measurement;
  }

  private Meter.Slice getStrings(int thread) {
    Cache<String, String> cache = filled(strings);
    SplittableRandom random = seed();
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        int number = random.nextInt(entries);
        verifyString(cache.get(keys[number]), number);
      }
      return OPERATIONS_A_SLICE;
    };
  }

  private Meter.Slice misses(int thread) {
    Cache<String, String> cache = filled(strings);
    SplittableRandom random = seed();
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        String key = missingKeys[random.nextInt(entries)];
        if (cache.get(key) != null) {
          throw new IllegalStateException("found a value for " + key + ", never put");
        }
      }
      return OPERATIONS_A_SLICE;
    };
  }

  private Meter.Slice getRecords(int thread) {
    Cache<String, Customer> cache = filled(customers);
    SplittableRandom random = seed();
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        int number = random.nextInt(entries);
        Customer customer = cache.get(keys[number]);
        if (customer == null
            || customer.number() != number
            || customer.city().length() != CITIES[number % CITIES.length].length()) {
          throw new IllegalStateException("wrong value of " + keys[number] + ": " + customer);
        }
      }
      return OPERATIONS_A_SLICE;
    };
  }

  private Meter.Slice putStrings(int thread) {
    Cache<String, String> cache = filled(strings);
    SplittableRandom random = seed();
    String[] values = new String[1_024];
    int start = random.nextInt(Math.max(1, entries - values.length));
    int count = Math.min(values.length, entries - start);
    for (int place = 0; place < count; place++) {
      values[place] = string(start + place);
    }
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        int place = random.nextInt(count);
        cache.put(keys[start + place], values[place]);
      }
      return OPERATIONS_A_SLICE;
    };
  }

  private Meter.Slice putRecords(int thread) {
    Cache<String, Customer> cache = filled(customers);
    SplittableRandom random = seed();
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        int number = random.nextInt(entries);
        cache.put(
            keys[number],
            new Customer(
                number,
                "a name of twenty chars",
                CITIES[number % CITIES.length],
                operation % 2 == 0));
      }
      return OPERATIONS_A_SLICE;
    };
  }

  private Measurement invoke() throws Exception {
    Cache<String, Long> cache = counters;
    if (cache == null) {
      cache = contestant.cache(manager(), "counters", Long.class, entries);
      counters = cache;
    }
    int counted = Math.min(entries, 1_000);
    for (int number = 0; number < counted; number++) {
      cache.put(keys[number], 0L);
    }
    long[] expected = new long[counted];
    Cache<String, Long> invoked = cache;
    CountUp countUp = new CountUp();
    SplittableRandom random = seed();
    return Meter.repeat(
        settings.workloadMillis(),
        () -> {
          for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
            int number = random.nextInt(counted);
            long count = invoked.invoke(keys[number], countUp);
            if (count != ++expected[number]) {
              throw new IllegalStateException(
                  "expected count %d of %s, found %d"
                      .formatted(expected[number], keys[number], count));
            }
          }
          return OPERATIONS_A_SLICE;
        });
  }

  private Measurement firstCache() throws Exception {
    Cache<String, String> cache = contestant.cache(manager(), "first", String.class, entries);
    cache.put(keys[0], string(0));
    verifyString(cache.get(keys[0]), 0);
    return Footprint.sinceJvmStart();
  }

  private Measurement foundAfterKill() throws Exception {
    manager = contestant.open(directory.resolve("live"), entries);
    Cache<String, String> cache = contestant.cache(manager(), "strings", String.class, entries);
    strings = cache;
    long found = 0;
    for (int number = 0; number < entries; number++) {
      String value = cache.get(keys[number]);
      if (value != null) {
        verifyString(value, number);
        found++;
      }
    }
    return Measurement.amount(found * 100 / entries);
  }

  private void verifyString(@Nullable String value, int number) {
    if (value == null || value.length() != 100 || !value.regionMatches(6, keys[number], 4, 10)) {
      throw new IllegalStateException("wrong value of " + keys[number] + ": " + value);
    }
  }

  private static <V> Cache<String, V> filled(@Nullable Cache<String, V> cache) {
    if (cache == null) {
      throw new IllegalStateException("nothing is loaded yet");
    }
    return cache;
  }

  private SplittableRandom seed() {
    synchronized (seeds) {
      return seeds.split();
    }
  }

  @Override
  public void close() {
    if (manager != null) {
      manager.close();
    }
  }
}
