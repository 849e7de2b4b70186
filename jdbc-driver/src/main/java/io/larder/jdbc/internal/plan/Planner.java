package io.larder.jdbc.internal.plan;

import org.jspecify.annotations.Nullable;

/** Compiles statements. Thread-safe. */
public interface Planner {

  /** Returns the plan, or null if this planner does not know the shape and another should try. */
  @Nullable Plan plan(String sql);
}
