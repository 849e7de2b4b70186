package io.larder.benchmarks.engine;

/** What a product may be able to do; rows it cannot do stay empty. */
enum Ability {
  /** Keep entries and find them by key. */
  STORE,
  /** Walk entries in key order, from a key on. */
  ORDER,
  /** Read a value where it lies, or into memory the caller reuses, without a new array. */
  VIEW,
  /** Return from a commit when it survives power loss. */
  SYNC
}
