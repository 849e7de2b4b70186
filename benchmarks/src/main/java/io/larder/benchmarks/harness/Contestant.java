package io.larder.benchmarks.harness;

import java.util.List;

/**
 * What a report tells about one contestant.
 *
 * @param id short name, also a directory name
 * @param role whether it is ours, a peer, or a yardstick
 * @param settings its configuration and durability in words
 * @param jvmOptions options only its processes need, such as opened packages
 */
public record Contestant(String id, Role role, String settings, List<String> jvmOptions) {

  /** How a contestant counts in ratios. */
  public enum Role {
    /** The one whose ratio to the best peer is the point of the report. */
    LARDER,
    /** A product a user might pick instead. */
    PEER,
    /** A bound set by the machine, such as a bare fsync loop; it never is the best peer. */
    YARDSTICK
  }

  /** Keeps its own copy of the options. */
  public Contestant {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** A contestant whose processes need no options of their own. */
  public Contestant(String id, Role role, String settings) {
    this(id, role, settings, List.of());
  }

  /** The same with JVM options of its own. */
  public Contestant withJvmOptions(List<String> options) {
    return new Contestant(id, role, settings, options);
  }
}
