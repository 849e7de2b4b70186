package io.larder.jcache.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The verdict over the runs of the TCK that come before it in the build. A failing test that is not on the list
 * of known failures fails the build; so does one on the list that passes, so that the list can only shrink.
 */
@ParameterizedClass
@EnumSource(TckVerdictTest.Run.class)
final class TckVerdictTest {
  /** All tests of the TCK 1.1.1: the 491 usually quoted, and the two of FactoryBuilderTest1. */
  private static final int TESTS = 493;

  private static final String DUMMY = "org.jsr107.tck.CachingTest#dummyTest";

  /** Where the default URI leads. */
  enum Run {
    MEMORY,
    DIRECTORY
  }

  private final Run run;
  private final TckReports reports;

  TckVerdictTest(Run run) {
    this.run = run;
    String property = "larder.tck.reports." + run.name().toLowerCase(Locale.ROOT);
    this.reports = TckReports.read(Path.of(System.getProperty(property)));
  }

  @Test
  void run_isComplete() {
    System.out.printf(
        "TCK, %s: %d of %d tests run, %d failed, %d skipped, %d excluded%n",
        run,
        reports.testCount(),
        TESTS,
        reports.failed().size(),
        reports.skipped().size(),
        reports.excluded().size());

    assertThat(reports.skipped()).isEmpty();
    assertThat(reports.testCount()).isEqualTo(TESTS);
  }

  @Test
  void failures_areThoseKnown() {
    assertThat(reports.failed()).isEqualTo(list("known-failures.txt"));
  }

  @Test
  void exclusions_areTheDummyAndThoseKnown() {
    NavigableSet<String> known =
        run == Run.MEMORY ? new TreeSet<>() : list("directory-exclusions.txt");
    known.add(DUMMY);

    assertThat(reports.excluded()).isEqualTo(known);
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
