package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Group;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import io.larder.benchmarks.harness.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The storage engines against each other, on disk or in memory, or Larder against itself. */
public final class EngineGroup implements Group {

  /** The least a disk engine with a log may reach of the memory engine's rate of writes. */
  private static final double WRITE_TARGET = 0.5;

  /** The least a disk engine may reach of the memory engine's rate of reads. */
  private static final double READ_TARGET = 0.33;

  private final String name;
  private final String title;
  private final List<EngineContestant> products;
  private final List<Step> steps;

  private EngineGroup(
      String name, String title, List<EngineContestant> products, List<Step> steps) {
    this.name = name;
    this.title = title;
    this.products = products;
    this.steps = steps;
  }

  /** Engines that keep a store in files. */
  public static EngineGroup onDisk() {
    return new EngineGroup(
        "engine",
        "storage engines on disk: 16-byte random keys, values of random bytes",
        productsOnDisk(),
        EngineWorkload.steps(false));
  }

  static List<EngineContestant> productsOnDisk() {
    return List.of(
        LarderContestant.onDisk(),
        new MvStoreContestant(false),
        new RocksDbContestant(),
        new LmdbContestant(),
        new MapDbContestant(),
        new XodusContestant(),
        new BerkeleyDbContestant(),
        new ChronicleMapContestant(),
        new FsyncLoopContestant());
  }

  /** Ordered structures that keep nothing. */
  public static EngineGroup inMemory() {
    return new EngineGroup(
        "engine-memory",
        "ordered storage in memory: 16-byte random keys, values of random bytes",
        List.of(
            LarderContestant.inMemoryOnly(), new MvStoreContestant(true), new SkipListContestant()),
        EngineWorkload.steps(true));
  }

  /** What the log and the disk cost: Larder's disk engine beside its memory engine. */
  public static EngineGroup modes() {
    return new EngineGroup(
        "engine-modes",
        "Larder's disk engine with sync=interval beside its memory engine; LOSS below 0.5x for"
            + " writes, 0.33x for reads",
        List.of(
            new LarderContestant("interval", Contestant.Role.LARDER, false, "interval"),
            new LarderContestant("memory", Contestant.Role.PEER, true, "none"),
            new LarderContestant("none", Contestant.Role.YARDSTICK, false, "none")),
        EngineWorkload.steps(true).stream()
            .filter(step -> step.frequency() == Step.Frequency.EVERY_ROUND)
            .map(step -> step.withTarget(isWrite(step) ? WRITE_TARGET : READ_TARGET))
            .toList());
  }

  private static boolean isWrite(Step step) {
    return Set.of("FILL_SINGLE", "FILL_BATCHED", "WRITE_BESIDE_READER", "PUT_64", "OVERWRITE")
            .contains(step.workload())
        || step.workload().startsWith("DELETE");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public List<Contestant> contestants() {
    return products.stream().map(EngineContestant::describe).toList();
  }

  @Override
  public List<Step> steps(RunSettings settings) {
    return steps;
  }

  @Override
  public Session open(String contestant, RunSettings settings, Path directory) {
    return new EngineSession(product(products, contestant), settings, directory);
  }

  static EngineContestant product(List<EngineContestant> products, String id) {
    for (EngineContestant product : products) {
      if (product.describe().id().equals(id)) {
        return product;
      }
    }
    throw new IllegalArgumentException("no engine is called " + id);
  }
}
