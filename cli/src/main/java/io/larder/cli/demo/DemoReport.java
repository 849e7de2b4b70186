package io.larder.cli.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells the story of the demonstration on the terminal and remembers what did not hold. Not
 * thread-safe.
 */
final class DemoReport {

  private final PrintWriter out;
  private final List<String> failures = new ArrayList<>();
  private int step;
  private int checks;

  DemoReport(PrintWriter out) {
    this.out = out;
  }

  PrintWriter out() {
    return out;
  }

  /** Begins the next step. */
  void step(String title) {
    out.printf("%n%d  %s%n", ++step, title);
    out.flush();
  }

  /** Says something. */
  void say(String format, Object... arguments) {
    out.println("   " + String.format(Locale.ROOT, format, arguments));
    out.flush();
  }

  /** States something that must hold. */
  void check(boolean holds, String format, Object... arguments) {
    String claim = String.format(Locale.ROOT, format, arguments);
    checks++;
    if (!holds) {
      failures.add(claim);
    }
    out.println((holds ? "   ok    " : "   FAILS ") + claim);
    out.flush();
  }

  int checks() {
    return checks;
  }

  List<String> failures() {
    return failures;
  }
}
