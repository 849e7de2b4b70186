package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.WriteBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** verify, repair, recover: every kind of damage is planted, found, and come back from. */
class VerifyTest {
  private static final int ENTRIES = 2_000;
  private static final int IN_LOG = 50;
  private static final int BATCH = 10;

  @TempDir Path directory;
  private Path database;

  /** Two tables, and a log with what is in none of them. */
  @BeforeEach
  void fill() {
    database = directory.resolve("db");
    try (Database open = open()) {
      put(open, 0, ENTRIES / 2);
      open.flush();
      put(open, ENTRIES / 2, ENTRIES);
      open.flush();
      put(open, ENTRIES, ENTRIES + IN_LOG);
    }
  }

  private Database open() {
    return Databases.open(LarderUri.parse("larder:" + database));
  }

  private static void put(Database open, int from, int to) {
    Keyspace fruit = open.openKeyspace("fruit");
    for (int i = from; i < to; i += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (int j = i; j < Math.min(to, i + BATCH); j++) {
        batch.put(fruit, key(j), ("value of " + j).getBytes(StandardCharsets.UTF_8));
      }
      open.write(batch);
    }
  }

  private static byte[] key(int number) {
    return String.format(Locale.ROOT, "key%05d", number).getBytes(StandardCharsets.UTF_8);
  }

  private static CommandRun good(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.code()).as(String.join(" ", arguments) + ": " + run.err()).isZero();
    return run;
  }

  private CommandRun verify(String... options) {
    return CommandRun.of(
        Stream.concat(Stream.of("verify", database.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private int entries(Path of) {
    return good("scan", of.toString(), "fruit", "--json").lines().size();
  }

  /** What can happen to the files of a closed database. */
  enum Damage {
    TABLE_PAGE(".table", false) {
      @Override
      void plant(Path file) throws IOException {
        flip(file, 4096 + 100);
      }
    },
    TABLE_HEADER(".table", true) {
      @Override
      void plant(Path file) throws IOException {
        flip(file, 9);
      }
    },
    TABLE_FOOTER(".table", true) {
      @Override
      void plant(Path file) throws IOException {
        flip(file, Files.size(file) - 9);
      }
    },
    TABLE_MISSING(".table", true) {
      @Override
      void plant(Path file) throws IOException {
        Files.delete(file);
      }
    },
    TABLE_SHORT(".table", true) {
      @Override
      void plant(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(content, content.length - 512));
      }
    },
    TABLE_OTHER(".table", true) {
      @Override
      void plant(Path file) throws IOException {
        Files.write(file, Files.readAllBytes(files(file.getParent(), ".table").get(1)));
      }
    },
    LOG_BATCH(".wal", false) {
      @Override
      void plant(Path file) throws IOException {
        flip(file, 4096 + 60);
      }
    },
    LOG_HEADER(".wal", false) {
      @Override
      void plant(Path file) throws IOException {
        flip(file, 40);
      }
    },
    LOG_MISSING(".wal", true) {
      @Override
      void plant(Path file) throws IOException {
        Files.delete(file);
      }
    },
    MANIFEST(".manifest", true) {
      @Override
      void plant(Path file) throws IOException {
        flip(file, 45);
      }
    },
    MANIFEST_MISSING(".manifest", true) {
      @Override
      void plant(Path file) throws IOException {
        Files.delete(file);
      }
    },
    CURRENT("CURRENT", true) {
      @Override
      void plant(Path file) throws IOException {
        flip(file, 33);
      }
    };

    private final String suffix;
    private final boolean quick;

    /** Which file is concerned, and whether a quick verification must notice. */
    Damage(String suffix, boolean quick) {
      this.suffix = suffix;
      this.quick = quick;
    }

    abstract void plant(Path file) throws IOException;

    static void flip(Path file, long offset) throws IOException {
      byte[] content = Files.readAllBytes(file);
      content[(int) offset] ^= 4;
      Files.write(file, content);
    }

    static List<Path> files(Path directory, String suffix) throws IOException {
      try (Stream<Path> files = Files.list(directory)) {
        return files
            .filter(file -> file.toString().endsWith(suffix))
            .sorted(Comparator.naturalOrder())
            .toList();
      }
    }

    /** Does it to a database and returns the file. */
    Path in(Path database) throws IOException {
      Path file = files(database, suffix).get(0);
      plant(file);
      return file;
    }
  }

  @ParameterizedTest
  @EnumSource
  void verify_findsDamageAndNamesTheFile(Damage damage) throws IOException {
    Path file = damage.in(database);

    for (CommandRun run : List.of(verify(), verify("--live"))) {
      assertThat(run.code()).as(run.out() + run.err()).isEqualTo(ExitCodes.DAMAGED);
      assertThat(run.lines().get(0)).startsWith("damaged: ");
      assertThat(run.out()).contains("finding").doesNotContain(": sound");
      boolean byNumber = damage == Damage.LOG_MISSING;
      assertThat(run.out()).contains(byNumber ? "segment" : file.getFileName().toString());
      if (damage == Damage.TABLE_PAGE) {
        assertThat(run.lines().get(0)).as("the place").contains("offset 4096");
      }
    }
    assertThat(verify("--json").out()).contains("\"sound\":false", "\"problem\":");
    CommandRun quick = verify("--quick");
    assertThat(quick.code()).as(quick.out()).isEqualTo(damage.quick ? ExitCodes.DAMAGED : 0);
  }

  @ParameterizedTest
  @EnumSource
  void repair_savesTheRestAndListsWhatIsLost(Damage damage) throws IOException {
    damage.in(database);
    Path target = directory.resolve("repaired");
    long before = checksum(database);

    CommandRun run = CommandRun.of("repair", database.toString(), "--into", target.toString());

    assertThat(run.code()).as(run.out() + run.err()).isIn(0, ExitCodes.DAMAGED);
    assertThat(checksum(database)).as("the damaged one is as it was").isEqualTo(before);
    assertThat(verify0(target).code()).isZero();
    int saved = run.out().contains(" saved") ? savedEntries(target) : 0;
    if (run.code() == 0) {
      assertThat(saved).isEqualTo(ENTRIES + IN_LOG);
      assertThat(run.out()).contains("lost: nothing");
    } else {
      assertThat(saved).isBetween(IN_LOG, ENTRIES + IN_LOG);
      assertThat(run.out()).contains("lost: ");
    }
    if (damage == Damage.TABLE_PAGE) {
      assertThat(run.out()).contains("lost: keyspace 'fruit', keys above key0", " and below key0");
      assertThat(saved).isBetween(ENTRIES - 400, ENTRIES + IN_LOG - 1);
    }
  }

  @Test
  void repair_ofATable_showsLostKeysByTheirTypes() throws IOException {
    StringBuilder rows = new StringBuilder("id,name\n");
    for (int number = 1; number <= 3_000; number++) {
      rows.append(number).append(",the name of ").append(number).append('\n');
    }
    Path file = Files.writeString(directory.resolve("fruit.csv"), rows);
    Path typed = directory.resolve("typed");
    good("import", file.toString(), "--into", "pear", "--key", "id", "--database", "" + typed);
    good("compact", typed.toString());
    Damage.TABLE_PAGE.in(typed);

    CommandRun run =
        CommandRun.of("repair", typed.toString(), "--into", "" + directory.resolve("repaired"));

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(ExitCodes.DAMAGED);
    assertThat(run.out())
        .containsPattern("lost: keyspace 'pear', keys above [0-9]+ and below [0-9]+: ");
  }

  private static CommandRun verify0(Path of) {
    return CommandRun.of("verify", of.toString());
  }

  /** Without a manifest the name of the keyspace may be lost. */
  private int savedEntries(Path target) {
    try (Database open = Databases.open(LarderUri.parse("larder:" + target))) {
      return open.keyspaceNames().stream()
          .mapToInt(name -> good("scan", target.toString(), name, "--json").lines().size())
          .sum();
    }
  }

  private static long checksum(Path of) throws IOException {
    long sum = 0;
    for (Path file : Damage.files(of, "")) {
      if (!file.endsWith("LOCK")) {
        sum = sum * 31 + java.util.Arrays.hashCode(Files.readAllBytes(file));
      }
    }
    return sum;
  }

  @Test
  void verify_sound_saysSo() {
    assertThat(verify().code()).isZero();
    assertThat(verify().out()).contains(": sound", "everything looked at", "2 tables");
    assertThat(verify("--quick").out()).contains(": sound", "headers and footers");
    assertThat(verify("--json").out()).contains("\"sound\":true", "\"findings\":[]");
    assertThat(CommandRun.of("verify", directory.resolve("no").toString()).code()).isEqualTo(3);
    assertThat(CommandRun.of("verify", directory.toString()).code()).isEqualTo(3);
    assertThat(CommandRun.of("verify", "larder:mem:x").code()).isEqualTo(1);
  }

  @Test
  void verify_open_isHeld_andLooksBesideWhenAsked() throws IOException {
    try (Database open = open()) {
      CommandRun held = verify();
      assertThat(held.code()).isEqualTo(ExitCodes.HELD);
      assertThat(held.err()).contains("held by process", "verify --live");
      assertThat(verify("--live").code()).isZero();
      assertThat(verify("--live", "--quick").out()).contains(": sound");
      Damage.TABLE_PAGE.in(database);
      assertThat(verify("--live").code()).isEqualTo(ExitCodes.DAMAGED);
      assertThat(open.keyspaceNames()).contains("fruit");
    }
  }

  @Test
  void repair_inPlace_isUndoneByRecover() throws IOException {
    Damage.TABLE_PAGE.in(database);

    CommandRun run = CommandRun.of("repair", database.toString(), "--in-place");

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCodes.DAMAGED);
    assertThat(run.out()).contains("kept as the recovery point " + database + ".recovery-points");
    assertThat(verify().code()).isZero();
    assertThat(entries(database)).isBetween(ENTRIES - 400, ENTRIES + IN_LOG - 1);

    CommandRun back = good("recover", database.toString(), "--to-point", "latest");
    assertThat(back.out()).contains("is what it was at", "-repair", "kept as the recovery point");
    assertThat(verify().code()).as("damaged again").isEqualTo(ExitCodes.DAMAGED);
    assertThat(good("recovery-points", "list", database.toString()).out()).contains("-return");
    assertThat(
            CommandRun.of("recover", database.toString(), "--to-point", "20000101T000000-x").code())
        .isEqualTo(ExitCodes.NOT_FOUND);
  }

  @Test
  void repair_wrongPlaces_areRefused() throws IOException {
    String name = database.toString();
    assertThat(CommandRun.of("repair", name).code()).isEqualTo(ExitCodes.USAGE);
    assertThat(CommandRun.of("repair", name, "--in-place", "--into", "x").code())
        .isEqualTo(ExitCodes.USAGE);
    Path full = Files.createDirectories(directory.resolve("full"));
    Files.writeString(full.resolve("notes.txt"), "milk");
    assertThat(CommandRun.of("repair", name, "--into", full.toString()).code()).isEqualTo(1);
    assertThat(CommandRun.of("repair", full.toString(), "--in-place").code()).isEqualTo(3);
    assertThat(Damage.files(full, "")).containsExactly(full.resolve("notes.txt"));
    try (Database open = open()) {
      assertThat(CommandRun.of("repair", name, "--in-place").code()).isEqualTo(ExitCodes.HELD);
      assertThat(open.keyspaceNames()).isNotEmpty();
    }
  }

  @Test
  void recover_afterACrash_saysWhatItFound() throws IOException {
    String name = database.toString();
    assertThat(good("recover", name).lines().get(0)).isEqualTo("it had been closed in order");
    assertThat(good("recover", name, "--json").out()).contains("\"orderly\":true");

    Path crashed = directory.resolve("crashed");
    try (Database open = open()) {
      put(open, 0, 1);
      copy(database, crashed);
    }
    LarderUri manual =
        LarderUri.parse("larder:" + crashed).with(EngineOptions.RECOVERY.name(), "manual");
    assertThat(CommandRun.of("info", manual.toString()).err()).contains("larder recover");
    CommandRun run = good("recover", manual.toString());
    assertThat(run.out()).contains("it had not been closed in order", "batches");
    assertThat(CommandRun.of("info", manual.toString()).code()).isZero();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : Damage.files(from, "")) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  @Test
  void recover_fromBackup_takesTheNewestGoodOneAndTheLog() throws IOException {
    String name = database.toString();
    String backups = directory.resolve("backups").toString();
    good("backup", "create", name, "--to", backups, "--name", "first");
    good("backup", "create", name, "--to", backups, "--name", "second");
    try (Database open = open()) {
      put(open, ENTRIES + IN_LOG, ENTRIES + IN_LOG + 7); // only in the log
    }
    good("recover", name, "--from-backup", backups, "--if-damaged");
    assertThat(good("recovery-points", "list", name).lines()).as("it was sound").hasSize(1);
    Damage.TABLE_PAGE.in(database);
    Damage.TABLE_PAGE.in(directory.resolve("backups").resolve("second"));

    CommandRun run = good("recover", name, "--from-backup", backups, "--if-damaged");

    assertThat(run.err()).contains("note: ", "second");
    assertThat(run.out()).contains("restored from first", "1 batch ", "kept as the recovery point");
    assertThat(verify().code()).isZero();
    assertThat(entries(database)).isEqualTo(ENTRIES + IN_LOG + 7);
    CommandRun exact =
        good("recover", name, "--from-backup", backups, "--backup", "first", "--without-log");
    assertThat(exact.out()).contains("restored from first, 0 batches");
    assertThat(entries(database)).isEqualTo(ENTRIES + IN_LOG);
  }

  @Test
  void recover_wrongWishes_areRefused() {
    String name = database.toString();
    assertThat(CommandRun.of("recover", name, "--if-damaged").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(CommandRun.of("recover", name, "--to-sequence", "3").code())
        .isEqualTo(ExitCodes.USAGE);
    assertThat(CommandRun.of("recover", name, "--to-point", "latest").code())
        .isEqualTo(ExitCodes.NOT_FOUND);
    String none = directory.resolve("none").toString();
    assertThat(CommandRun.of("recover", name, "--from-backup", none).code())
        .isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(CommandRun.of("recover", name, "--from-backup", none, "--to-point", "x").code())
        .isEqualTo(ExitCodes.USAGE);
    assertThat(verify().code()).as("untouched").isZero();
  }
}
