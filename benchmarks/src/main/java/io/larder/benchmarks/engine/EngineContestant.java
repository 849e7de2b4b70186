package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** A storage engine as a product: what it is called, how it is set up, how it is opened. */
interface EngineContestant {

  /** What the report says about it. */
  Contestant describe();

  /** What it can do; by default everything. */
  default Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  /**
   * Opens or creates a store.
   *
   * @param directory an existing directory
   * @param shape what it will hold, for products that want to know
   */
  OpenEngine open(Path directory, Durability durability, DataShape shape) throws Exception;
}
