package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Unit;
import java.util.ArrayList;
import java.util.List;

/** What every cache does, in the order of a round. The names are part of the result files. */
enum CacheWorkload {
  LOAD_STRING("load, put of new String values", Unit.OPERATIONS_PER_SECOND),
  LOAD_RECORD("load, put of new small records", Unit.OPERATIONS_PER_SECOND),
  GET_STRING("get String, hit", Unit.OPERATIONS_PER_SECOND),
  GET_STRING_TWO_THREADS("get String, hit, 2 threads", Unit.OPERATIONS_PER_SECOND),
  GET_STRING_SKEWED("get String, hit, skewed", Unit.OPERATIONS_PER_SECOND),
  GET_MISS("get, miss", Unit.OPERATIONS_PER_SECOND),
  GET_ALL("getAll of 10 Strings, each", Unit.OPERATIONS_PER_SECOND),
  GET_RECORD("get small record, hit", Unit.OPERATIONS_PER_SECOND),
  PUT_STRING("put String over an old one", Unit.OPERATIONS_PER_SECOND),
  PUT_STRING_TWO_THREADS("put String, 2 threads", Unit.OPERATIONS_PER_SECOND),
  PUT_IF_ABSENT("putIfAbsent, half present, and removal", Unit.OPERATIONS_PER_SECOND),
  GET_AND_PUT("getAndPut String", Unit.OPERATIONS_PER_SECOND),
  PUT_ALL("putAll of 10 Strings, each", Unit.OPERATIONS_PER_SECOND),
  PUT_RECORD("put small record over an old one", Unit.OPERATIONS_PER_SECOND),
  INVOKE("invoke, counting up a Long", Unit.OPERATIONS_PER_SECOND),
  GET_REFERENCE("get String by reference", Unit.OPERATIONS_PER_SECOND),
  PUT_REFERENCE("put String by reference", Unit.OPERATIONS_PER_SECOND),
  GET_EXPIRING("get String, created expiry", Unit.OPERATIONS_PER_SECOND),
  PUT_EXPIRING("put String, created expiry", Unit.OPERATIONS_PER_SECOND),
  HEAP("heap in use", Unit.MEBIBYTES),
  SIZE_ON_DISK("size on disk", Unit.MEBIBYTES),
  FIRST_CACHE("JVM start to first get", Unit.MILLISECONDS),
  /** Prepares {@link #FOUND_AFTER_KILL}; no row of its own. */
  LOAD_BEFORE_KILL("", Unit.OPERATIONS_PER_SECOND),
  FOUND_AFTER_KILL("entries found after SIGKILL", Unit.PERCENT);

  private final String label;
  private final Unit unit;

  CacheWorkload(String label, Unit unit) {
    this.label = label;
    this.unit = unit;
  }

  /** Whether there is nothing to do until both loads succeeded. */
  boolean needsLoad() {
    return switch (this) {
      case LOAD_STRING, LOAD_RECORD, FIRST_CACHE, LOAD_BEFORE_KILL, FOUND_AFTER_KILL -> false;
      default -> true;
    };
  }

  static List<Step> steps(boolean durable) {
    List<Step> steps = new ArrayList<>();
    for (CacheWorkload workload : values()) {
      switch (workload) {
        case LOAD_BEFORE_KILL -> {}
        case GET_REFERENCE, PUT_REFERENCE -> {
          if (!durable) {
            steps.add(Step.warm(workload.name(), workload.label, workload.unit));
          }
        }
        case SIZE_ON_DISK -> {
          if (durable) {
            steps.add(Step.warm(workload.name(), workload.label, workload.unit));
          }
        }
        case FOUND_AFTER_KILL -> {
          if (durable) {
            steps.add(
                Step.afterKill(
                    LOAD_BEFORE_KILL.name(), workload.name(), workload.label, workload.unit));
          }
        }
        case FIRST_CACHE -> steps.add(Step.fresh(workload.name(), workload.label, workload.unit));
        default -> steps.add(Step.warm(workload.name(), workload.label, workload.unit));
      }
    }
    return steps;
  }
}
