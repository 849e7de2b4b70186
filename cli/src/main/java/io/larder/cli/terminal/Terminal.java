package io.larder.cli.terminal;

/** What is known of the terminal the program runs in. */
public final class Terminal {

  /** Set by the launcher, which can tell a terminal from a pipe: {@code true} or {@code false}. */
  private static final String OUT = "larder.terminal.out";

  private static final String ERR = "larder.terminal.err";

  private Terminal() {}

  /**
   * Returns whether a person reads the output, so that it may be coloured and cut to the screen.
   */
  public static boolean isOut() {
    return Boolean.getBoolean(OUT);
  }

  /** Returns whether a person reads the error output, where bars move. */
  public static boolean isErr() {
    return Boolean.getBoolean(ERR);
  }

  /** Returns whether a person is watching both. */
  public static boolean isInteractive() {
    return isOut() && isErr();
  }

  /** Returns whether the output may have colours: a person reads it and has not said NO_COLOR. */
  public static boolean isColoured() {
    return isOut() && allowsColours();
  }

  /** Returns whether the error output may have colours. */
  public static boolean isErrColoured() {
    return isErr() && allowsColours();
  }

  private static boolean allowsColours() {
    String refused = System.getenv("NO_COLOR");
    return (refused == null || refused.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
  }
}
