package io.larder.benchmarks.harness;

import java.nio.file.Path;
import java.util.List;

/** Contestants that do the same work, and the work they do. Stateless. */
public interface Group {

  /** Short name, as on the command line. */
  String name();

  /** What the group compares, in one sentence. */
  String title();

  /** All contestants, in the order of the report. */
  List<Contestant> contestants();

  /** All steps, in the order they run within a round. */
  List<Step> steps(RunSettings settings);

  /**
   * Opens a contestant; called in the worker process.
   *
   * @param directory an existing directory of this contestant's own
   */
  Session open(String contestant, RunSettings settings, Path directory) throws Exception;
}
