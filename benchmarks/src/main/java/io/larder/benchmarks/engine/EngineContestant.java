package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;

/** A storage engine as a product: what it is called, how it is set up, how it is opened. */
interface EngineContestant {

  /** What the report says about it. */
  Contestant describe();

  /**
   * Opens or creates a store.
   *
   * @param directory an existing directory
   * @param expectedEntries how many entries it will hold, for products that want to know
   */
  OpenEngine open(Path directory, Durability durability, long expectedEntries) throws Exception;
}
