package io.larder.engine.api;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a repair saved and what it could not. Immutable.
 *
 * @param source the damaged database, which is as it was, unless the new one took its place
 * @param target the new database
 * @param keyspaces how many keyspaces the new database has
 * @param entries how many entries were saved
 * @param bytes the bytes of their keys and values
 * @param expired how many entries were left out because they have expired
 * @param doubtful how many of those saved lie in a range of which newer versions may be lost
 * @param losses the ranges that could not be read
 * @param findings everything that is wrong with the damaged database
 * @param recoveryPoint where the damaged database is kept if the new one took its place, or null
 */
public record RepairReport(
    Path source,
    Path target,
    int keyspaces,
    long entries,
    long bytes,
    long expired,
    long doubtful,
    List<Loss> losses,
    List<Finding> findings,
    @Nullable Path recoveryPoint) {
  /** Creates an immutable copy. */
  public RepairReport {
    losses = List.copyOf(losses);
    findings = List.copyOf(findings);
  }

  /** Returns whether everything was saved. */
  public boolean isComplete() {
    return losses.isEmpty();
  }

  /**
   * A range of keys of which versions were lost.
   *
   * @param keyspace the keyspace, or empty if all are concerned
   * @param after the last key before it that could be read, or null if it starts with the first
   * @param before the first key behind it that could be read, or null if it ends with the last
   * @param file where the versions were
   * @param problem what was found there
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
  public record Loss(
      String keyspace,
      byte @Nullable [] after,
      byte @Nullable [] before,
      Path file,
      String problem) {}
}
