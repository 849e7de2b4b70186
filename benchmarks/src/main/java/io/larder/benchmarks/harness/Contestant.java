package io.larder.benchmarks.harness;

/**
 * What a report tells about one contestant.
 *
 * @param id short name, also a directory name
 * @param role whether it is ours, a peer, or a yardstick
 * @param settings its configuration and durability in words
 */
public record Contestant(String id, Role role, String settings) {

  /** How a contestant counts in ratios. */
  public enum Role {
    /** The one whose ratio to the best peer is the point of the report. */
    LARDER,
    /** A product a user might pick instead. */
    PEER,
    /** A bound set by the machine, such as a bare fsync loop; it never is the best peer. */
    YARDSTICK
  }
}
