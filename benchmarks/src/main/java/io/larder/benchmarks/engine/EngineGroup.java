package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Group;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import io.larder.benchmarks.harness.Step;
import java.nio.file.Path;
import java.util.List;

/** The storage engines against each other, on disk or in memory. */
public final class EngineGroup implements Group {

  private final boolean inMemory;
  private final List<EngineContestant> products;

  private EngineGroup(boolean inMemory, List<EngineContestant> products) {
    this.inMemory = inMemory;
    this.products = products;
  }

  /** Engines that keep a store in files. */
  public static EngineGroup onDisk() {
    return new EngineGroup(
        false,
        List.of(
            new LarderContestant(false),
            new MvStoreContestant(false),
            new RocksDbContestant(),
            new LmdbContestant(),
            new FsyncLoopContestant()));
  }

  /** Ordered structures that keep nothing. */
  public static EngineGroup inMemory() {
    return new EngineGroup(
        true,
        List.of(new LarderContestant(true), new MvStoreContestant(true), new SkipListContestant()));
  }

  @Override
  public String name() {
    return inMemory ? "engine-memory" : "engine";
  }

  @Override
  public String title() {
    return inMemory
        ? "ordered storage in memory: 16-byte random keys, values of random bytes"
        : "storage engines on disk: 16-byte random keys, values of random bytes";
  }

  @Override
  public List<Contestant> contestants() {
    return products.stream().map(EngineContestant::describe).toList();
  }

  @Override
  public List<Step> steps(RunSettings settings) {
    return EngineWorkload.steps(inMemory);
  }

  @Override
  public Session open(String contestant, RunSettings settings, Path directory) {
    for (EngineContestant product : products) {
      if (product.describe().id().equals(contestant)) {
        return new EngineSession(product, settings, directory);
      }
    }
    throw new IllegalArgumentException("no engine is called " + contestant);
  }
}
