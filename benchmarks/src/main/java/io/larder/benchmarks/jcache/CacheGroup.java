package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Contestant.Role;
import io.larder.benchmarks.harness.Group;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import io.larder.benchmarks.harness.Step;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** JCache providers against each other: on the heap, or keeping what they hold. */
public final class CacheGroup implements Group {

  private static final String LARDER = "io.larder.jcache.LarderCachingProvider";

  private final boolean durable;
  private final List<CacheContestant> products;

  private CacheGroup(boolean durable, List<CacheContestant> products) {
    this.durable = durable;
    this.products = products;
  }

  /** Caches on the heap, by value. */
  public static CacheGroup inMemory() {
    String byValue = "MutableConfiguration, by value, eternal, unbounded";
    return new CacheGroup(
        false,
        List.of(
            standard("larder", Role.LARDER, "larder:mem, " + byValue, LARDER, null),
            standard(
                "caffeine",
                Role.PEER,
                "Caffeine JCache, " + byValue,
                "com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider",
                null),
            new Cache2kContestant(),
            standard(
                "ehcache",
                Role.PEER,
                "Ehcache heap, " + byValue,
                "org.ehcache.jsr107.EhcacheCachingProvider",
                null),
            new EhcacheTiersContestant(
                new Contestant(
                    "ehcache-offheap",
                    Role.PEER,
                    "Ehcache, heap tier of 10 % of the entries above an off-heap tier"),
                0.1,
                false),
            standard(
                "infinispan",
                Role.PEER,
                "Infinispan, embedded and local, " + byValue,
                "org.infinispan.jcache.embedded.JCachingProvider",
                directory -> URI.create("infinispan-benchmark.xml")),
            standard(
                "hazelcast",
                Role.PEER,
                "Hazelcast, one embedded member alone, " + byValue,
                "com.hazelcast.cache.HazelcastMemberCachingProvider",
                null),
            standard(
                "ri",
                Role.PEER,
                "reference implementation, " + byValue,
                "org.jsr107.ri.spi.RICachingProvider",
                null)));
  }

  /** Caches that are there after a restart. */
  public static CacheGroup durable() {
    return new CacheGroup(
        true,
        List.of(
            standard(
                "larder",
                Role.LARDER,
                "larder:DIRECTORY?sync=interval, loses at most the last 100 ms at power loss"
                    + " and nothing when the process is killed",
                LARDER,
                directory -> URI.create("larder:" + directory + "?sync=interval")),
            new EhcacheTiersContestant(
                new Contestant(
                    "ehcache-disk",
                    Role.PEER,
                    "Ehcache, heap tier of 10 % of the entries above a persistent disk tier; keeps"
                        + " entries only if closed cleanly"),
                0.1,
                true),
            new EhcacheTiersContestant(
                new Contestant(
                    "ehcache-disk-heap",
                    Role.PEER,
                    "Ehcache, heap tier that holds all entries above a persistent disk tier; keeps"
                        + " entries only if closed cleanly"),
                1.0,
                true)));
  }

  private static CacheContestant standard(
      String id,
      Role role,
      String settings,
      String providerClass,
      @Nullable Function<Path, URI> uri) {
    return new StandardContestant(new Contestant(id, role, settings), providerClass, uri);
  }

  @Override
  public String name() {
    return durable ? "jcache-durable" : "jcache";
  }

  @Override
  public String title() {
    return durable
        ? "JCache on a directory: up to 100,000 entries, values of 100 characters or small records"
        : "JCache in memory: up to 100,000 entries, values of 100 characters or small records";
  }

  @Override
  public List<Contestant> contestants() {
    return products.stream().map(CacheContestant::describe).toList();
  }

  @Override
  public List<Step> steps(RunSettings settings) {
    return CacheWorkload.steps(durable);
  }

  @Override
  public Session open(String contestant, RunSettings settings, Path directory) {
    for (CacheContestant product : products) {
      if (product.describe().id().equals(contestant)) {
        return new CacheSession(product, settings, directory);
      }
    }
    throw new IllegalArgumentException("no cache is called " + contestant);
  }
}
