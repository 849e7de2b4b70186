package io.larder.jcache.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The verdict over the run of the TCK that comes before it in the build. A failing test that is not on the list
 * of known failures fails the build; so does one on the list that passes, so that the list can only shrink.
 */
final class TckVerdictTest {
  /** All tests of the TCK 1.1.1: the 491 usually quoted, and the two of FactoryBuilderTest1. */
  private static final int TESTS = 493;

  private static TckReports reports;

  @BeforeAll
  static void readReports() {
    reports = TckReports.read(Path.of(System.getProperty("larder.tck.reports")));
    System.out.printf(
        "TCK: %d of %d tests run, %d failed, %d skipped, %d excluded%n",
        reports.testCount(),
        TESTS,
        reports.failed().size(),
        reports.skipped().size(),
        reports.excluded().size());
    reports.failed().forEach(test -> System.out.println("TCK failure: " + test));
    reports.excluded().forEach(test -> System.out.println("TCK exclusion: " + test));
  }

  @Test
  void run_isComplete() {
    assertThat(reports.skipped()).isEmpty();
    assertThat(reports.testCount()).isEqualTo(TESTS);
  }

  @Test
  void failures_areThoseKnown() {
    assertThat(reports.failed()).isEqualTo(list("known-failures.txt"));
  }

  @Test
  void exclusions_areTheDummyAlone() {
    assertThat(reports.excluded()).containsExactly("org.jsr107.tck.CachingTest#dummyTest");
  }

  private static NavigableSet<String> list(String resource) {
    NavigableSet<String> lines = new TreeSet<>();
    try (InputStream stream =
        Objects.requireNonNull(
            TckVerdictTest.class.getResourceAsStream("/" + resource), resource)) {
      new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(lines::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }
}
