package io.larder.benchmarks.jdbc;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An embedded SQL database as a product: a URL and the few words that differ.
 *
 * @param description what the report says
 * @param relaxedUrl the URL of a database that does not sync each commit
 * @param syncedUrl the URL of a database that syncs each commit, or null if the product cannot
 * @param createTable what stands before the name of a table
 * @param relaxedSetup statements run on each connection of the first kind
 * @param syncedSetup statements run on each connection of the second kind
 */
record SqlContestant(
    Contestant description,
    Function<Path, String> relaxedUrl,
    @Nullable Function<Path, String> syncedUrl,
    String createTable,
    List<String> relaxedSetup,
    List<String> syncedSetup) {

  static List<SqlContestant> all() {
    return List.of(larder(), h2(), sqlite(), hsqldb());
  }

  private static SqlContestant larder() {
    return new SqlContestant(
        new Contestant(
            "larder",
            Contestant.Role.LARDER,
            "jdbc:larder:DIRECTORY, sync=interval, 100 ms; synced: sync=always"),
        directory -> "jdbc:larder:" + directory.resolve("db") + "?sync=interval",
        directory -> "jdbc:larder:" + directory.resolve("db") + "?sync=always",
        "CREATE TABLE",
        List.of(),
        List.of());
  }

  private static SqlContestant h2() {
    return new SqlContestant(
        new Contestant(
            "h2",
            Contestant.Role.PEER,
            "H2, file, 256 MB cache, default durability (commits written within 500 ms, no sync);"
                + " synced: not offered"),
        directory -> "jdbc:h2:file:" + directory.resolve("db") + ";CACHE_SIZE=262144",
        null,
        "CREATE TABLE",
        List.of(),
        List.of());
  }

  private static SqlContestant sqlite() {
    String common = "PRAGMA journal_mode=WAL";
    String cache = "PRAGMA cache_size=-262144";
    String mapped = "PRAGMA mmap_size=1073741824";
    return new SqlContestant(
        new Contestant(
            "sqlite",
            Contestant.Role.PEER,
            "SQLite (xerial), WAL, synchronous=NORMAL (syncs at checkpoints only), 256 MB cache,"
                + " 1 GB mapped; synced: synchronous=FULL"),
        directory -> "jdbc:sqlite:" + directory.resolve("db"),
        directory -> "jdbc:sqlite:" + directory.resolve("db"),
        "CREATE TABLE",
        List.of(common, "PRAGMA synchronous=NORMAL", cache, mapped),
        List.of(common, "PRAGMA synchronous=FULL", cache, mapped));
  }

  private static SqlContestant hsqldb() {
    Function<Path, String> url =
        directory -> "jdbc:hsqldb:file:" + directory.resolve("db") + ";hsqldb.log_data=true";
    return new SqlContestant(
        new Contestant(
            "hsqldb",
            Contestant.Role.PEER,
            "HSQLDB, file, CACHED table with 1 M rows of cache, write delay 500 ms (default);"
                + " synced: write delay off"),
        directory -> url.apply(directory) + ";hsqldb.cache_rows=1000000;hsqldb.cache_size=400000",
        directory -> url.apply(directory) + ";hsqldb.write_delay=false",
        "CREATE CACHED TABLE",
        List.of(),
        List.of());
  }
}
