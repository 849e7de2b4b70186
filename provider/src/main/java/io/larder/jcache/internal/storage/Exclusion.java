package io.larder.jcache.internal.storage;

/** Keys held by this thread; released by the thread that took them. */
@FunctionalInterface
public interface Exclusion {

  /** Gives the keys up; called once. */
  void release();
}
