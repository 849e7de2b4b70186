package io.larder.cli.terminal;

/** What is known of the terminal the program runs in. */
public final class Terminal {

  /** Set by the launcher, which can tell a terminal from a pipe: {@code true} or {@code false}. */
  private static final String PROPERTY = "larder.terminal";

  private Terminal() {}

  /** Returns whether a person is watching, so that bars may move and colours be used. */
  public static boolean isInteractive() {
    return Boolean.getBoolean(PROPERTY);
  }
}
