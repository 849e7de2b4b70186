package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.Footprint;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.Meter;
import io.larder.benchmarks.harness.Padding;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import io.larder.benchmarks.jcache.CacheContestant.Flavour;
import io.larder.benchmarks.jcache.CacheContestant.Order;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
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

  /** How many values the puts have ready. */
  private static final int VALUES = 1_024;

  private static final int GROUPS = 256;
  private static final int GROUP_ENTRIES = 10;
  private static final String[] CITIES = {"Amsterdam", "Bratislava", "Cartagena", "Dordrecht"};

  private final CacheContestant contestant;
  private final RunSettings settings;
  private final Path directory;
  private final int entries;
  private final String[] keys;
  private final String[] missingKeys;
  private final SplittableRandom seeds = new SplittableRandom(42);
  private final Map<Flavour, Cache<String, String>> flavours = new EnumMap<>(Flavour.class);
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
      case GET_STRING_SKEWED -> Optional.of(repeat(thread -> skewedGets(filled(strings))));
      case GET_ALL -> Optional.of(repeat(thread -> getAlls(filled(strings))));
      case PUT_STRING_TWO_THREADS ->
          Optional.of(Meter.repeat(2, settings.workloadMillis(), this::putStrings));
      case PUT_IF_ABSENT -> Optional.of(repeat(thread -> putsIfAbsent(filled(strings))));
      case GET_AND_PUT -> Optional.of(repeat(thread -> getsAndPuts(filled(strings))));
      case PUT_ALL -> Optional.of(repeat(thread -> putAlls(filled(strings))));
      case GET_REFERENCE -> flavoured(Flavour.BY_REFERENCE, this::gets);
      case PUT_REFERENCE -> flavoured(Flavour.BY_REFERENCE, this::puts);
      case GET_EXPIRING -> flavoured(Flavour.EXPIRING, this::gets);
      case PUT_EXPIRING -> flavoured(Flavour.EXPIRING, this::puts);
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

  private Measurement repeat(Meter.SliceFactory work) throws Exception {
    return Meter.repeat(1, settings.workloadMillis(), work);
  }

  /** Measures on a cache of a flavour, which is filled at its first use; empty if the product has none. */
  private Optional<Measurement> flavoured(
      Flavour flavour, Function<Cache<String, String>, Meter.Slice> work) throws Exception {
    Cache<String, String> cache = flavours.get(flavour);
    if (cache == null) {
      try {
        cache =
            contestant.cache(
                manager(), new Order<>("of-" + flavour, String.class, entries, flavour));
      } catch (UnsupportedOperationException e) {
        return Optional.empty();
      }
      for (int number = 0; number < entries; number++) {
        cache.put(keys[number], string(number));
      }
      flavours.put(flavour, cache);
    }
    Cache<String, String> filled = cache;
    return Optional.of(repeat(thread -> work.apply(filled)));
  }

  private <V> Cache<String, V> byValue(String name, Class<V> valueType) throws Exception {
    return contestant.cache(manager(), new Order<>(name, valueType, entries, Flavour.BY_VALUE));
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
    Cache<String, String> cache = byValue("strings", String.class);
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
    Cache<String, Customer> cache = byValue("customers", Customer.class);
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
    return gets(filled(strings));
  }

  private Meter.Slice gets(Cache<String, String> cache) {
    SplittableRandom random = seed();
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        int number = random.nextInt(entries);
        verifyString(cache.get(keys[number]), number);
      }
      return OPERATIONS_A_SLICE;
    };
  }

  private Meter.Slice skewedGets(Cache<String, String> cache) {
    SkewedNumbers numbers = new SkewedNumbers(entries, seed());
    int[] place = {0};
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        int number = numbers.at(place[0]++);
        verifyString(cache.get(keys[number]), number);
      }
      return OPERATIONS_A_SLICE;
    };
  }

  private Meter.Slice getAlls(Cache<String, String> cache) {
    List<Set<String>> groups = new ArrayList<>();
    for (Map<String, String> group : groups()) {
      groups.add(new HashSet<>(group.keySet()));
    }
    SplittableRandom random = seed();
    return () -> {
      Set<String> group = groups.get(random.nextInt(groups.size()));
      Map<String, String> found = cache.getAll(group);
      if (found.size() != group.size()) {
        throw new IllegalStateException("found " + found.keySet() + " of " + group);
      }
      return group.size();
    };
  }

  private Meter.Slice putAlls(Cache<String, String> cache) {
    List<Map<String, String>> groups = groups();
    SplittableRandom random = seed();
    return () -> {
      Map<String, String> group = groups.get(random.nextInt(groups.size()));
      cache.putAll(group);
      return group.size();
    };
  }

  /** Groups of ten entries that lie anywhere. */
  private List<Map<String, String>> groups() {
    SplittableRandom random = seed();
    List<Map<String, String>> groups = new ArrayList<>();
    while (groups.size() < GROUPS) {
      Map<String, String> group = new HashMap<>();
      while (group.size() < Math.min(GROUP_ENTRIES, entries)) {
        int number = random.nextInt(entries);
        group.put(keys[number], string(number));
      }
      groups.add(group);
    }
    return groups;
  }

  /** Every second one finds its key absent, and the next one present; what is added is taken out unmeasured. */
  private Meter.Slice putsIfAbsent(Cache<String, String> cache) {
    String[] added = new String[OPERATIONS_A_SLICE / 2];
    for (int place = 0; place < added.length; place++) {
      added[place] = "added-" + Padding.padded(place, 10);
    }
    Set<String> all = new HashSet<>(List.of(added));
    String value = string(0);
    return () -> {
      for (String key : added) {
        if (!cache.putIfAbsent(key, value) || cache.putIfAbsent(key, value)) {
          throw new IllegalStateException("wrong answer for " + key);
        }
      }
      cache.removeAll(all);
      return OPERATIONS_A_SLICE;
    };
  }

  private Meter.Slice getsAndPuts(Cache<String, String> cache) {
    SplittableRandom random = seed();
    String[] values = values();
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        int number = random.nextInt(values.length);
        verifyString(cache.getAndPut(keys[number], values[number]), number);
      }
      return OPERATIONS_A_SLICE;
    };
  }

  private String[] values() {
    String[] values = new String[Math.min(VALUES, entries)];
    for (int number = 0; number < values.length; number++) {
      values[number] = string(number);
    }
    return values;
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
    return puts(filled(strings));
  }

  private Meter.Slice puts(Cache<String, String> cache) {
    SplittableRandom random = seed();
    String[] values = values();
    return () -> {
      for (int operation = 0; operation < OPERATIONS_A_SLICE; operation++) {
        int number = random.nextInt(values.length);
        cache.put(keys[number], values[number]);
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
      cache = byValue("counters", Long.class);
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
    Cache<String, String> cache = byValue("first", String.class);
    cache.put(keys[0], string(0));
    verifyString(cache.get(keys[0]), 0);
    return Footprint.sinceJvmStart();
  }

  private Measurement foundAfterKill() throws Exception {
    manager = contestant.open(directory.resolve("live"), entries);
    Cache<String, String> cache = byValue("strings", String.class);
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
      contestant.close(manager);
    }
  }
}
