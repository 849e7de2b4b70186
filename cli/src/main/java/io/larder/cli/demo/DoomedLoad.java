package io.larder.cli.demo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.cache.CacheManager;

/**
 * The program of the child process: loads the cache and writes a line with the number of
 * acknowledged entries after each acknowledgement, until it is done or, as the demonstration has
 * it, killed.
 */
final class DoomedLoad {

  private DoomedLoad() {}

  /** Runs the load; the only argument is the URI. */
  public static void main(String[] arguments) {
    PrintStream acknowledgements = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (CacheManager manager = DemoCaches.open(URI.create(arguments[0]))) {
      new UnicodeLoader(DemoCaches.unicode(manager), UnicodeDatabase.codePoints())
          .loadFrom(0, acknowledgements::println);
    }
  }
}
