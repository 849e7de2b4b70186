package io.larder.engine.internal.mvcc;

/** A last check before a commit takes its place in the order; called under the commit lock, must not block. */
@FunctionalInterface
public interface CommitGuard {
  /**
   * Returns whether the commit may pass; if not it must be prepared anew. Throws if it may never pass. In both
   * cases nothing of it happens.
   */
  boolean passes();
}
