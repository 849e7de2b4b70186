package io.larder.cli.demo;

import io.larder.cli.terminal.Amounts;
import io.larder.cli.terminal.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;

/**
 * Shows the promise on real data: what was acknowledged survives SIGKILL, expires when it should,
 * and is a table to SQL. Used once.
 */
public final class Demo {

  private static final int SESSIONS = 1_000;
  private static final long SESSION_DEADLINE_NANOS = 30_000_000_000L;

  private final DemoReport report;
  private final Path directory;
  private final URI uri;
  private final int[] codePoints = UnicodeDatabase.codePoints();

  /** Creates a demonstration that prints to {@code out} and keeps its database in a directory. */
  public Demo(PrintWriter out, Path directory) {
    this.report = new DemoReport(out);
    this.directory = directory;
    this.uri = URI.create("larder:" + rawPath(directory) + "?sync=always");
  }

  /** Runs it and returns whether everything held. */
  public boolean run() throws IOException, InterruptedException, SQLException {
    long startNanos = System.nanoTime();
    report.say("Larder demo: a durable JCache that SQL can read, in %s", directory);
    report.say(
        "Input: the JDK's Unicode character database, %,d assigned code points.",
        codePoints.length);

    report.step("A child process fills the cache \"unicode\" of " + uri + " and is killed");
    CrashStep.Crash crash = new CrashStep(report, uri, codePoints.length).run();
    report.say(
        "acknowledged means synced to disk: %,d entries in %s, %s",
        crash.acknowledged(),
        Amounts.duration(crash.nanos()),
        Amounts.rate(crash.acknowledged(), crash.nanos()));

    report.step("Reopen and compare every acknowledged entry");
    long openNanos = System.nanoTime();
    try (CacheManager manager = DemoCaches.open(uri)) {
      Cache<Integer, UnicodeCharacter> cache = DemoCaches.unicode(manager);
      report.say("open after the kill: %s", Amounts.duration(System.nanoTime() - openNanos));
      verify(cache, crash.acknowledged());

      report.step("Finish the load, and read everything back");
      finish(cache, crash.acknowledged());
      verify(cache, codePoints.length);

      report.step("Entries with a short life: the cache \"sessions\"");
      expire(manager);

      report.step("The same data through JDBC");
      new SqlStep(report, "jdbc:" + uri, cache, codePoints.length).run();
    }
    summary(startNanos);
    return report.failures().isEmpty();
  }

  private void verify(Cache<Integer, UnicodeCharacter> cache, int count) {
    long startNanos = System.nanoTime();
    int missing = 0;
    int different = 0;
    try (Progress progress = Progress.start(report.out(), "checking", count)) {
      for (int index = 0; index < count; index++) {
        UnicodeCharacter found = cache.get(codePoints[index]);
        if (found == null) {
          missing++;
        } else if (!found.equals(UnicodeCharacter.of(codePoints[index]))) {
          different++;
        }
        progress.reached(index + 1);
      }
    }
    report.check(
        missing == 0 && different == 0,
        "all %,d acknowledged entries are there and equal (%,d missing, %,d different), %s",
        count,
        missing,
        different,
        Amounts.rate(count, System.nanoTime() - startNanos));
  }

  private void finish(Cache<Integer, UnicodeCharacter> cache, int start) {
    long startNanos = System.nanoTime();
    try (Progress progress = Progress.start(report.out(), "loading", codePoints.length)) {
      new UnicodeLoader(cache, codePoints).loadFrom(start, progress::reached);
    }
    long nanos = System.nanoTime() - startNanos;
    int count = codePoints.length - start;
    report.say("%,d entries in %s, %s", count, Amounts.duration(nanos), Amounts.rate(count, nanos));
  }

  private void expire(CacheManager manager) throws SQLException, InterruptedException {
    Cache<String, String> sessions = DemoCaches.sessions(manager);
    for (int session = 0; session < SESSIONS; session++) {
      sessions.put("session-" + session, "user-" + session % 10);
    }
    long startNanos = System.nanoTime();
    report.check(
        sessions.containsKey("session-" + (SESSIONS - 1)),
        "%,d sessions put with a life of %d s",
        SESSIONS,
        DemoCaches.SESSION_SECONDS);
    while (sessions.iterator().hasNext()
        && System.nanoTime() - startNanos < SESSION_DEADLINE_NANOS) {
      Thread.sleep(20);
    }
    report.check(
        !sessions.iterator().hasNext(),
        "%s later the cache is empty",
        Amounts.duration(System.nanoTime() - startNanos));
    try (Connection connection = DriverManager.getConnection("jdbc:" + uri);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM sessions")) {
      report.check(result.next() && result.getInt(1) == 0, "and so is the table");
    }
  }

  private void summary(long startNanos) throws IOException {
    long valueBytes =
        Arrays.stream(codePoints)
            .mapToLong(codePoint -> bytes(UnicodeCharacter.of(codePoint)))
            .sum();
    report.step("Summary");
    report.say(
        "%,d characters, %s of keys and texts; the files have %s, log segments kept for reuse"
            + " included",
        codePoints.length, Amounts.bytes(valueBytes), Amounts.bytes(sizeBytes(directory)));
    int failed = report.failures().size();
    report.say(
        "%d of %d checks hold, %s in all",
        report.checks() - failed,
        report.checks(),
        Amounts.duration(System.nanoTime() - startNanos));
    report.failures().forEach(failure -> report.say("does not hold: %s", failure));
  }

  private static String rawPath(Path directory) {
    String path = directory.toUri().getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Returns the bytes of a key and of all texts of its character, as UTF-8. */
  private static long bytes(UnicodeCharacter character) {
    return Integer.BYTES
        + Stream.of(
                character.glyph(),
                character.name(),
                character.block(),
                character.script(),
                character.category(),
                character.uppercase(),
                character.lowercase(),
                character.decomposed(),
                character.utf8())
            .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
            .sum();
  }

  private static long sizeBytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
