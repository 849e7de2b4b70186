package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Group;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import io.larder.benchmarks.harness.Step;
import java.nio.file.Path;
import java.util.List;

/** The storage engines against each other. */
public final class EngineGroup implements Group {

  private final List<EngineContestant> products =
      List.of(
          new LarderContestant(),
          new MvStoreContestant(),
          new RocksDbContestant(),
          new LmdbContestant(),
          new FsyncLoopContestant());

  @Override
  public String name() {
    return "engine";
  }

  @Override
  public String title() {
    return "storage engines on disk: 16-byte random keys, values of random bytes";
  }

  @Override
  public List<Contestant> contestants() {
    return products.stream().map(EngineContestant::describe).toList();
  }

  @Override
  public List<Step> steps(RunSettings settings) {
    return EngineWorkload.steps();
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
