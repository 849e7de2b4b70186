package io.larder.engine.api;

import java.nio.file.Path;
import java.util.List;

/**
 * What a verification found. Immutable.
 *
 * @param database the database
 * @param full whether every byte was read, or only manifest, headers and footers
 * @param tables how many tables were looked at
 * @param tableBytes their sizes
 * @param entries versions in them
 * @param logSegments how many segments of the log were looked at
 * @param logBatches how many batches of the log were read; 0 if not full
 * @param lastSequence the last change in tables and log, as far as was read
 * @param tornTail where the log ends in a write that was cut short, which is no damage; or empty
 * @param findings everything that is wrong; empty if the database is sound
 */
public record VerifyReport(
    Path database,
    boolean full,
    int tables,
    long tableBytes,
    long entries,
    int logSegments,
    long logBatches,
    long lastSequence,
    String tornTail,
    List<Finding> findings) {
  /** Creates an immutable copy. */
  public VerifyReport {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }
}
