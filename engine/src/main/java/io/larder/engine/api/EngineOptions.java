package io.larder.engine.api;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine's table of options, from which URIs, driver properties, command line flags and docs are made.
 * Immutable and thread-safe. Other modules have tables of their own and validate all of them together.
 */
public final class EngineOptions {
  /** When a commit is acknowledged. */
  public static final Option<SyncMode> SYNC =
      choice(
          "sync",
          "always",
          List.of("always", "interval", "none"),
          "When a commit is acknowledged: 'always' after it is on stable storage (survives power"
              + " loss), 'interval' at once with a sync every sync.interval, 'none' leaves it to the"
              + " operating system. A killed process loses nothing in any mode.",
          text -> SyncMode.valueOf(text.toUpperCase(Locale.ROOT)));

  /** How often {@code sync=interval} syncs. */
  public static final Option<Duration> SYNC_INTERVAL =
      duration(
          "sync.interval",
          "100ms",
          Duration.ofMillis(1),
          Duration.ofHours(1),
          "How much time a power loss can undo with sync=interval; shorter costs more syncs.");

  /** Whether a missing database is created. */
  public static final Option<Boolean> CREATE =
      onOff("create", "true", "Whether opening a directory without a database creates one.");

  /** The longest key. */
  public static final Option<Long> KEY_LIMIT =
      size("key.limit", "1KB", 1, 32 << 10, "The longest key accepted; a longer one is an error.");

  /** The largest value. */
  public static final Option<Long> VALUE_LIMIT =
      size(
          "value.limit",
          "1MB",
          1,
          512L << 20,
          "The largest value accepted; a larger one is an error.");

  /** The largest batch. */
  public static final Option<Long> BATCH_LIMIT =
      size(
          "batch.limit",
          "256MB",
          1 << 10,
          1L << 30,
          "The largest batch or transaction accepted, keys and values together; a larger one is an"
              + " error.");

  /** How much memory an in-memory database may take. */
  public static final Option<Long> MEMORY_LIMIT =
      size(
          "memory.limit",
          "1GB",
          1 << 20,
          1L << 50,
          "How much memory the entries of an in-memory database, or the unflushed entries of one on"
              + " disk, may take.");

  /** What happens when memory is full. */
  public static final Option<String> MEMORY_FULL =
      choice(
          "memory.full",
          "reject",
          List.of("reject", "evict"),
          "What a write to a full in-memory database does: 'reject' makes it an error and loses"
              + " nothing, 'evict' takes out entries that were not used for long, for every reader,"
              + " and goes on. Keyspaces whose names begin with 'larder:' lose nothing in either.",
          Function.identity());

  /** Whether expiry is judged. */
  public static final Option<Boolean> TTL =
      onOff(
          "ttl",
          "on",
          "Whether entries expire; 'off' keeps and shows them whatever expiry they carry.");

  /** How often expired entries are looked for. */
  public static final Option<Duration> TTL_SWEEP =
      duration(
          "ttl.sweep",
          "10s",
          Duration.ofMillis(1),
          Duration.ofDays(1),
          "How often the database looks for expired entries whose space nobody has taken back; shorter"
              + " frees it sooner, longer costs less work. Expired entries are never shown,"
              + " whatever the interval.");

  /** The size of a log segment. */
  public static final Option<Long> WAL_SEGMENT =
      size(
          "wal.segment",
          "10MB",
          64 << 10,
          1L << 30,
          "The size of a file of the write-ahead log; larger ones mean fewer files, and more disk"
              + " space for a small database.");

  /** The size of the log at which the memtable is written into a table. */
  public static final Option<Long> WAL_LIMIT =
      size(
          "wal.limit",
          "256MB",
          128 << 10,
          1L << 40,
          "How large the write-ahead log may grow before the memtable is written into a sorted table"
              + " to shorten it; at twice that size, which only a failing archive or a disk that"
              + " cannot follow brings about, writers wait. Smaller means a shorter recovery and"
              + " more, smaller tables; eight of the largest recent commits are always allowed.");

  /** Where segments of the log go before they are reused. */
  public static final Option<String> WAL_ARCHIVE =
      directory(
          "wal.archive",
          "The directory that gets every full segment of the write-ahead log, so that a backup can be"
              + " taken forward to any moment. Costs a copy of the log; nothing is removed from it.");

  /** Where backups are made on a schedule. */
  public static final Option<String> BACKUP_DIR =
      directory(
          "backup.dir",
          "The directory in which the open database is backed up every backup.every; each backup is"
              + " complete, and shares with the one before what has not changed.");

  /** How often backups are made. */
  public static final Option<Duration> BACKUP_EVERY =
      duration(
          "backup.every",
          "1d",
          Duration.ofSeconds(1),
          Duration.ofDays(365),
          "How long after one backup the next is made; shorter costs more writing.");

  /** Which scheduled backups stay. */
  public static final Option<BackupRetention> BACKUP_KEEP =
      new Option<>(
          "backup.keep",
          "7",
          List.of(),
          "Which backups stay when one is made: a number such as 7 keeps the newest seven, an age such"
              + " as 30d those of the last 30 days.",
          false,
          BackupRetention::parse);

  /** The size at which a memtable is written into a table. */
  public static final Option<Long> MEMTABLE_SIZE =
      size(
          "memtable.size",
          "64MB",
          64 << 10,
          1L << 30,
          "How many bytes of newest entries are kept in memory before they are written into a sorted"
              + " table; larger means fewer merges, more memory and a longer recovery.");

  /** Another name of {@link #MEMTABLE_SIZE}. */
  public static final Option<Long> WRITE_BUFFER =
      size(
          "write.buffer",
          "64MB",
          64 << 10,
          1L << 30,
          "Another name of memtable.size; given together they must say the same.");

  /** Whether a database in a directory is stored there. */
  public static final Option<Boolean> PERSISTENCE =
      onOff(
          "persistence",
          "on",
          "Whether a database in a directory is stored there: 'off' keeps it in memory under that name,"
              + " shared inside the JVM and forgotten at the last close; no file is made or read.");

  /** The size at which a table ends and the next one begins. */
  public static final Option<Long> TABLE_SIZE =
      size(
          "table.size",
          "128MB",
          64 << 10,
          1L << 30,
          "At how many bytes a sorted table ends and the next one begins. Merges carry whole tables over"
              + " that hold no garbage, so smaller ones are rewritten less but are more files.");

  /** How fast automatic merges read. */
  public static final Option<Long> MERGE_RATE =
      size(
          "merge.rate",
          "128MB",
          0,
          1L << 40,
          "How many bytes of tables automatic merges read in a second, 0 for no limit; less leaves"
              + " more of processor and disk to others, and more tables for reads to look at. Merges"
              + " somebody waits for, writers or a call of compact, keep to no limit.");

  /** What opening does about damage. */
  public static final Option<String> RECOVERY =
      choice(
          "recovery",
          "auto",
          List.of("auto", "manual", "backup"),
          "What opening does after a crash: 'auto' recovers everything acknowledged and cuts off a"
              + " write that was cut short, 'manual' refuses and says where the log ends. Damage"
              + " elsewhere is refused in both; 'backup' does what 'auto' does, and where that meets"
              + " damage, restores the newest good backup of backup.dir with what can be read of the"
              + " log, keeps the damaged database as a recovery point, and says so.",
          Function.identity());

  /** How old a snapshot may become. */
  public static final Option<Duration> SNAPSHOT_AGE =
      duration(
          "snapshot.age",
          "24h",
          Duration.ZERO,
          Duration.ofDays(3_650),
          "How old a snapshot, transaction or cursor may become; reading through an older one is an"
              + " error, and what it kept from being merged away is released. Longer lets slow readers"
              + " finish, at the price of space that one left open takes; 0 = no limit.");

  /** How long somebody waits for a key. */
  public static final Option<Duration> LOCK_TIMEOUT =
      duration(
          "lock.timeout",
          "30s",
          Duration.ofMillis(1),
          Duration.ofHours(1),
          "How long a cache operation, SQL statement or commit waits for a key that another thread"
              + " holds, such as a cache's callback; then it fails and has changed nothing. Shorter"
              + " ends two callbacks that wait for each other's keys sooner; it must be longer than"
              + " the slowest loader, writer or processor.");

  private static final List<Option<?>> ALL =
      List.of(
          SYNC,
          SYNC_INTERVAL,
          CREATE,
          KEY_LIMIT,
          VALUE_LIMIT,
          BATCH_LIMIT,
          MEMORY_LIMIT,
          MEMORY_FULL,
          TTL,
          TTL_SWEEP,
          WAL_SEGMENT,
          WAL_LIMIT,
          WAL_ARCHIVE,
          MEMTABLE_SIZE,
          TABLE_SIZE,
          MERGE_RATE,
          WRITE_BUFFER,
          PERSISTENCE,
          BACKUP_DIR,
          BACKUP_EVERY,
          BACKUP_KEEP,
          RECOVERY,
          SNAPSHOT_AGE,
          LOCK_TIMEOUT);

  private EngineOptions() {}

  /** Returns every option of the engine. */
  public static List<Option<?>> all() {
    return ALL;
  }

  /**
   * Checks names and values against a table of options, and what the engine's say together.
   *
   * @throws InvalidOptionException listing every violation: unknown names with the nearest known one, and
   *     values with what was found and what was expected
   */
  public static void validate(Map<String, String> parameters, List<Option<?>> known) {
    List<String> violations = new ArrayList<>();
    parameters.forEach(
        (name, value) -> {
          String violation = violation(name, value, known);
          if (violation != null) {
            violations.add(violation);
          }
        });
    violations.addAll(OptionRules.violations(parameters));
    reject(violations);
  }

  /**
   * Checks names and values of a URI against a table of options, and whether they fit the location.
   *
   * @throws InvalidOptionException listing every violation, as {@link #validate(Map, List)} does
   */
  public static void validate(LarderUri uri, List<Option<?>> known) {
    List<String> violations =
        new ArrayList<>(OptionRules.violations(uri.location(), uri.parameters()));
    try {
      validate(uri.parameters(), known);
    } catch (InvalidOptionException e) {
      if (violations.isEmpty()) {
        throw e;
      }
      throw new InvalidOptionException(e.getMessage() + "; " + String.join("; ", violations));
    }
    reject(violations);
  }

  static void reject(List<String> violations) {
    if (!violations.isEmpty()) {
      throw new InvalidOptionException(
          (violations.size() == 1 ? "Invalid option: " : violations.size() + " invalid options: ")
              + String.join("; ", violations));
    }
  }

  private static @Nullable String violation(String name, String value, List<Option<?>> known) {
    for (Option<?> option : known) {
      if (option.name().equals(name)) {
        return valueViolation(option, value);
      }
    }
    String nearest = nearest(name, known);
    return "unknown option '"
        + name
        + "'"
        + (nearest == null ? "" : ", did you mean '" + nearest + "'?");
  }

  static @Nullable String valueViolation(Option<?> option, String value) {
    try {
      option.parse(value);
      return null;
    } catch (IllegalArgumentException e) {
      return option.secret()
          ? option.name() + ": the value is not of the expected form"
          : option.name() + ": " + e.getMessage();
    }
  }

  private static @Nullable String nearest(String name, List<Option<?>> known) {
    String nearest = null;
    int nearestDistance = Math.max(2, name.length() / 3) + 1;
    for (Option<?> option : known) {
      int distance = distance(name.toLowerCase(Locale.ROOT), option.name());
      if (distance < nearestDistance) {
        nearest = option.name();
        nearestDistance = distance;
      }
    }
    return nearest;
  }

  /** The number of single-character edits between two texts (Levenshtein). */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int line = 1; line <= left.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column < row.length; column++) {
        int change = left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1;
        int best = Math.min(diagonal + change, Math.min(row[column], row[column - 1]) + 1);
        diagonal = row[column];
        row[column] = best;
      }
    }
    return row[right.length()];
  }

  private static <T> Option<T> choice(
      String name,
      String defaultText,
      List<String> choices,
      String description,
      Function<String, T> parser) {
    return new Option<>(
        name,
        defaultText,
        choices,
        description,
        false,
        text -> {
          String lower = text.trim().toLowerCase(Locale.ROOT);
          if (!choices.contains(lower)) {
            throw new IllegalArgumentException(
                "found '" + text + "', expected " + String.join(", ", choices));
          }
          return parser.apply(lower);
        });
  }

  private static Option<String> directory(String name, String description) {
    return new Option<>(name, "", List.of(), description, false, EngineOptions::requirePath);
  }

  private static String requirePath(String text) {
    try {
      return Path.of(text).toString();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "found '" + text + "', expected the path of a directory", e);
    }
  }

  private static Option<Boolean> onOff(String name, String defaultText, String description) {
    return choice(
        name,
        defaultText,
        List.of("true", "false", "on", "off"),
        description,
        text -> text.equals("true") || text.equals("on"));
  }

  private static Option<Long> size(
      String name, String defaultText, long least, long most, String description) {
    return new Option<>(
        name,
        defaultText,
        List.of(),
        description,
        false,
        text -> {
          long bytes = Sizes.parse(text);
          if (bytes < least || bytes > most) {
            throw new IllegalArgumentException(
                "found '"
                    + text
                    + "', expected a size from "
                    + Sizes.format(least)
                    + " to "
                    + Sizes.format(most));
          }
          return bytes;
        });
  }

  private static Option<Duration> duration(
      String name, String defaultText, Duration least, Duration most, String description) {
    return new Option<>(
        name,
        defaultText,
        List.of(),
        description,
        false,
        text -> {
          Duration duration = Durations.parse(text);
          if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                "found '"
                    + text
                    + "', expected a duration from "
                    + Durations.format(least)
                    + " to "
                    + Durations.format(most));
          }
          return duration;
        });
  }
}
