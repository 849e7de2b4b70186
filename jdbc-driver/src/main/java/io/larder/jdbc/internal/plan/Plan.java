package io.larder.jdbc.internal.plan;

import java.util.List;

/** A compiled statement: stateless, thread-safe, valid for one version of the schema. */
public sealed interface Plan permits QueryPlan, UpdatePlan, SessionPlan {

  /** Returns the parameters in order. */
  List<ParameterInfo> parameters();

  /** Returns how the statement reaches its rows, one line each. */
  List<String> explain();
}
