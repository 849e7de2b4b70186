package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Unit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What every engine does, in the order of a round. The names are part of the result files. */
enum EngineWorkload {
  FILL_SINGLE("fill, random order, one put a commit, no sync", Unit.OPERATIONS_PER_SECOND),
  FILL_BATCHED("fill, random order, 1,000 puts a commit, no sync", Unit.OPERATIONS_PER_SECOND),
  SETTLE("settle after fill (flush, compact)", Unit.MILLISECONDS),
  SIZE_ON_DISK("size on disk after load", Unit.MEBIBYTES),
  SPACE_LOADED("space amplification after load", Unit.FACTOR),
  WRITTEN_LOADED("write amplification of load and settle", Unit.FACTOR),
  GET_HIT("random get, hit", Unit.OPERATIONS_PER_SECOND),
  GET_VIEW("random get, hit, as a view", Unit.OPERATIONS_PER_SECOND),
  GET_HIT_TWO_THREADS("random get, hit, 2 threads", Unit.OPERATIONS_PER_SECOND),
  GET_BATCH("random get, 16 keys at once, keys", Unit.OPERATIONS_PER_SECOND),
  GET_MISS("random get, miss", Unit.OPERATIONS_PER_SECOND),
  SCAN("full scan, entries", Unit.OPERATIONS_PER_SECOND),
  RANGE_100("seek + range of 100, ranges", Unit.OPERATIONS_PER_SECOND),
  HEAP("heap in use after reads", Unit.MEBIBYTES),
  RESIDENT("resident memory without mapped files", Unit.MEBIBYTES),
  RESIDENT_ALL("resident memory with mapped files", Unit.MEBIBYTES),
  READ_BESIDE_WRITER("reader beside a writer: random get", Unit.OPERATIONS_PER_SECOND),
  WRITE_BESIDE_READER("writer beside a reader: overwrite, no sync", Unit.OPERATIONS_PER_SECOND),
  PUT_64("overwrite, 64 puts a commit, no sync, puts", Unit.OPERATIONS_PER_SECOND),
  OVERWRITE("overwrite all, random order, 1,000 puts a commit", Unit.OPERATIONS_PER_SECOND),
  DELETE_SINGLE("delete, one a commit, no sync", Unit.OPERATIONS_PER_SECOND),
  DELETE_BATCHED("delete, 1,000 a commit, no sync", Unit.OPERATIONS_PER_SECOND),
  OVERWRITE_FIVE("overwrite all 5 times, 1,000 puts a commit", Unit.OPERATIONS_PER_SECOND),
  SETTLE_OVERWRITTEN("settle after overwriting", Unit.MILLISECONDS),
  SIZE_OVERWRITTEN("size on disk after overwriting", Unit.MEBIBYTES),
  SPACE_OVERWRITTEN("space amplification after overwriting", Unit.FACTOR),
  WRITTEN_OVERWRITTEN("write amplification of overwriting and settle", Unit.FACTOR),
  REOPEN_WARM("close, then open + first get, warm JVM", Unit.MILLISECONDS),
  /** Prepares {@link #REOPEN_FRESH}; no row of its own. */
  FILL_BEFORE_CLOSE("", Unit.MILLISECONDS),
  REOPEN_FRESH("open + first get in a fresh JVM", Unit.MILLISECONDS),
  COMMIT_1("synced commits, 1 thread", Unit.OPERATIONS_PER_SECOND),
  WRITTEN_COMMITTED("write amplification of synced commits, 1 thread", Unit.FACTOR),
  COMMIT_4("synced commits, 4 threads", Unit.OPERATIONS_PER_SECOND),
  COMMIT_16("synced commits, 16 threads", Unit.OPERATIONS_PER_SECOND),
  COMMIT_BATCH_64("synced commits of 64 puts, 1 thread, puts", Unit.OPERATIONS_PER_SECOND),
  /** Prepares {@link #REOPEN_AFTER_KILL}; no row of its own. */
  FILL_BEFORE_KILL("", Unit.MILLISECONDS),
  REOPEN_AFTER_KILL("open + first get after SIGKILL, all verified", Unit.MILLISECONDS),
  RECOVERY_RATE("recovered entries by time to the first get", Unit.OPERATIONS_PER_SECOND),
  /** Checks that the product stores what it is told; no row, only for tests. */
  SELF_CHECK("", Unit.MILLISECONDS);

  private final String label;
  private final Unit unit;

  EngineWorkload(String label, Unit unit) {
    this.label = label;
    this.unit = unit;
  }

  /** Whether there is nothing to do until a fill succeeded. */
  boolean needsLoad() {
    return switch (this) {
      case FILL_SINGLE, FILL_BATCHED, COMMIT_BATCH_64, SELF_CHECK -> false;
      case FILL_BEFORE_CLOSE, REOPEN_FRESH, FILL_BEFORE_KILL, REOPEN_AFTER_KILL -> false;
      default -> needs().contains(Ability.STORE);
    };
  }

  /** What a product must be able to do. */
  Set<Ability> needs() {
    return switch (this) {
      case COMMIT_1, COMMIT_4, COMMIT_16, WRITTEN_COMMITTED -> EnumSet.of(Ability.SYNC);
      case COMMIT_BATCH_64 -> EnumSet.of(Ability.STORE, Ability.SYNC);
      case FILL_BEFORE_KILL, REOPEN_AFTER_KILL ->
          EnumSet.of(Ability.STORE, Ability.ORDER, Ability.SYNC);
      case SCAN, RANGE_100 -> EnumSet.of(Ability.STORE, Ability.ORDER);
      case GET_VIEW -> EnumSet.of(Ability.STORE, Ability.VIEW);
      default -> EnumSet.of(Ability.STORE);
    };
  }

  private boolean runsInMemory() {
    return switch (this) {
      case FILL_SINGLE, FILL_BATCHED, GET_HIT, GET_VIEW, GET_HIT_TWO_THREADS -> true;
      case GET_BATCH, GET_MISS, SCAN, RANGE_100, HEAP, RESIDENT -> true;
      case READ_BESIDE_WRITER, WRITE_BESIDE_READER, PUT_64, OVERWRITE -> true;
      case DELETE_SINGLE, DELETE_BATCHED -> true;
      default -> false;
    };
  }

  /** Amounts that hardly vary, and long work: once is enough. */
  private boolean runsOnce() {
    return switch (this) {
      case SPACE_LOADED, WRITTEN_LOADED, HEAP, RESIDENT, RESIDENT_ALL -> true;
      case OVERWRITE_FIVE, SETTLE_OVERWRITTEN, SIZE_OVERWRITTEN -> true;
      case SPACE_OVERWRITTEN, WRITTEN_OVERWRITTEN -> true;
      default -> false;
    };
  }

  private Step step() {
    Step step =
        switch (this) {
          case REOPEN_FRESH -> Step.afterClose(FILL_BEFORE_CLOSE.name(), name(), label, unit);
          case REOPEN_AFTER_KILL -> Step.afterKill(FILL_BEFORE_KILL.name(), name(), label, unit);
          case RECOVERY_RATE -> Step.derived(REOPEN_AFTER_KILL.name(), name(), label, unit);
          default -> Step.warm(name(), label, unit);
        };
    return runsOnce() ? step.once() : step;
  }

  static List<Step> steps(boolean inMemory) {
    List<Step> steps = new ArrayList<>();
    for (EngineWorkload workload : values()) {
      if (!workload.label.isEmpty() && (!inMemory || workload.runsInMemory())) {
        steps.add(workload.step());
      }
    }
    return steps;
  }
}
