package io.larder.benchmarks.harness;

import java.io.IOException;
import java.util.Optional;

/**
 * One contestant at work inside one process. Confined to the worker's main thread, which closes it;
 * a session keeps what it filled between workloads.
 */
public interface Session extends AutoCloseable {

  /**
   * Runs one workload and verifies what it read.
   *
   * @return the reading, or empty when this contestant has no such operation
   * @throws Exception when the contestant fails or returns wrong data; the run reports it as failed
   */
  Optional<Measurement> run(String workload) throws Exception;

  @Override
  void close() throws IOException;
}
