package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Databases;
import io.larder.engine.RecoveryPoints;
import io.larder.engine.api.Database;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.WriteBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** wal list and inspect. */
class WalTest {
  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path place() {
    return directory.resolve("db");
  }

  private static void write(Database database) {
    Keyspace keyspace = database.openKeyspace("fruit");
    keyspace.put(bytes("apple"), bytes("red"));
    database.write(
        new WriteBatch()
            .put(keyspace, bytes("pear"), bytes("green"), 4_000_000_000_000L)
            .delete(keyspace, bytes("apple")));
  }

  @Test
  void list_ofOpenDatabase_worksWithoutTheLock() {
    try (Database database = Databases.open(LarderUri.parse("larder:" + place()))) {
      write(database);

      CommandRun run = CommandRun.of("wal", "list", place().toString());

      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.lines().get(0)).startsWith("SEGMENT               STATE");
      assertThat(run.lines().get(1)).startsWith("0000000000000001.wal").contains("open");
      assertThat(CommandRun.of("wal", "list", "larder:" + place(), "--json").out())
          .contains("\"state\":\"open\"", "\"batches\":3", "\"changes\":4");
    }
    assertThat(CommandRun.of("wal", "list", place().toString(), "--json").out())
        .contains("\"state\":\"closed\"");
  }

  @Test
  void inspect_showsBatchesAndChanges() {
    try (Database database = Databases.open(LarderUri.parse("larder:" + place()))) {
      write(database);
    }
    CommandRun batches = CommandRun.of("wal", "inspect", place().toString(), "--json");
    assertThat(batches.code()).as(batches.err()).isZero();
    assertThat(batches.lines()).as("the keyspace, an entry, a batch").hasSize(3);
    assertThat(batches.lines().get(2)).contains("\"firstSequence\":3,\"lastSequence\":4");

    CommandRun changes = CommandRun.of("wal", "inspect", place().toString(), "--changes");
    assertThat(changes.lines()).hasSize(5);
    assertThat(changes.lines().get(1)).contains("define");
    assertThat(changes.lines().get(2)).contains("put", "apple");
    assertThat(changes.lines().get(3)).contains("put", "pear", "2096-10-02T07:06:40Z");
    assertThat(changes.lines().get(4)).contains("delete", "apple");

    assertThat(inspect("--from", "3")).hasSize(1);
    assertThat(inspect("--limit", "1")).hasSize(1);
    assertThat(inspect("--since", "2000-01-01T00:00:00Z")).hasSize(3);
    assertThat(inspect("--since", "2900-01-01")).isEmpty();
    assertThat(CommandRun.of("wal", "inspect", place().toString(), "--since", "noon").code())
        .isEqualTo(2);
  }

  private List<String> inspect(String... arguments) {
    return CommandRun.of(
            Stream.concat(
                    Stream.of("wal", "inspect", place().toString(), "--json"), Stream.of(arguments))
                .toArray(String[]::new))
        .lines();
  }

  @Test
  void damagedSegment_isToldWithCode5() throws IOException {
    try (Database database = Databases.open(LarderUri.parse("larder:" + place()))) {
      write(database);
    }
    Path segment = place().resolve("0000000000000001.wal");
    byte[] content = Files.readAllBytes(segment);
    content[20] ^= 1;
    Files.write(segment, content);

    CommandRun run = CommandRun.of("wal", "list", place().toString());

    assertThat(run.code()).isEqualTo(ExitCodes.DAMAGED);
    assertThat(run.out()).contains("damaged").contains(segment.toString());
    assertThat(CommandRun.of("wal", "inspect", segment.toString()).code())
        .isEqualTo(ExitCodes.DAMAGED);
  }

  @Test
  void nothingThere_isNotFound() {
    assertThat(CommandRun.of("wal", "list", directory.toString()).code()).isEqualTo(3);
    assertThat(CommandRun.of("wal", "list", place().toString()).code()).isEqualTo(3);
    assertThat(CommandRun.of("wal").code()).isEqualTo(2);
  }

  @Test
  void times_asPeopleWriteThem() {
    LocalDate today = LocalDate.of(2026, 3, 2);
    ZoneId zone = ZoneId.of("Europe/Berlin");
    Instant expected = Instant.parse("2026-03-01T13:05:00Z");
    for (String text :
        List.of(
            "2026-03-01T13:05:00Z",
            "2026-03-01T14:05:00+01:00",
            "2026-03-01 14:05",
            "2026-03-01T14:05:00",
            "yesterday 14:05",
            "Yesterday 14:05:00")) {
      assertThat(TimeConverter.parse(text, today, zone)).as(text).isEqualTo(expected);
    }
    assertThat(TimeConverter.parse("today 00:00", today, zone))
        .isEqualTo(TimeConverter.parse("2026-03-02", today, zone));
  }

  private static void fillMore(Database database, int from, int to) {
    for (int i = from; i < to; i++) {
      database.openKeyspace("fruit").put(bytes("key" + i), new byte[2000]);
    }
  }

  @Test
  void archive_togetherWithABackup_leadsToThisMoment() {
    String uri = "larder:" + place() + "?wal.segment=64KB";
    String backups = directory.resolve("backups").toString();
    String archive = directory.resolve("archive").toString();
    try (Database database = Databases.open(LarderUri.parse(uri))) {
      write(database);
    }
    assertThat(CommandRun.of("backup", "create", uri, "--to", backups).code()).isZero();
    try (Database database = Databases.open(LarderUri.parse(uri + "&wal.archive=" + archive))) {
      fillMore(database, 0, 200);
    }

    CommandRun run = CommandRun.of("wal", "archive", uri, "--to", archive, "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("\"segments\":[1-9]").contains("\"sequence\":204");
    assertThat(CommandRun.of("wal", "archive", uri, "--to", archive).out())
        .as("nothing is left to do")
        .startsWith("0 segments archived");
    String restored = directory.resolve("restored").toString();
    CommandRun back =
        CommandRun.of(
            "backup", "restore", backups, "--into", restored, "--latest", "--log-archive", archive);
    assertThat(back.code()).as(back.err()).isZero();
    assertThat(back.out()).contains("sequence number 204");
    assertThat(CommandRun.of("wal", "archive", uri).err()).contains("wal.archive");
    assertThat(CommandRun.of("wal", "archive", uri).code()).isEqualTo(1);
  }

  @Test
  void clear_losesNoEntry_andSaysWhatGoes() {
    String name = place().toString();
    try (Database database = Databases.open(LarderUri.parse("larder:" + name))) {
      write(database);
      assertThat(CommandRun.of("wal", "clear", name).code()).as("in use").isEqualTo(4);
      assertThat(CommandRun.of("wal", "clear", name, "--dry-run").code()).isEqualTo(4);
    }
    CommandRun dry = CommandRun.of("wal", "clear", name, "--dry-run");
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out())
        .contains("would go  0000000000000001.wal", "sequence numbers 1 to 4", "nothing is lost");
    assertThat(RecoveryPoints.of(place()).list()).isEmpty();

    CommandRun run = CommandRun.of("wal", "clear", name);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("gone  0000000000000001.wal", "kept as the recovery point");
    assertThat(RecoveryPoints.of(place()).list()).hasSize(1);
    assertThat(CommandRun.of("wal", "inspect", name, "--json").lines()).isEmpty();
    assertThat(CommandRun.of("get", name, "fruit", "pear").out()).contains("green");
    assertThat(CommandRun.of("verify", name).code()).isZero();
  }

  @Test
  void clear_damagedLog_namesTheLoss_andDiscardsOnlyWhenTold() throws IOException {
    String name = place().toString();
    String uri = "larder:" + name + "?wal.segment=64KB";
    try (Database database = Databases.open(LarderUri.parse(uri))) {
      write(database);
      database.flush();
      fillMore(database, 0, 200);
    }
    List<Path> segments;
    try (Stream<Path> files = Files.list(place())) {
      segments = files.filter(file -> file.toString().endsWith(".wal")).sorted().toList();
    }
    Path damaged = segments.get(segments.size() / 2);
    byte[] content = Files.readAllBytes(damaged);
    content[4096 + 100] ^= 1;
    Files.write(damaged, content);
    assertThat(CommandRun.of("info", name).code()).isEqualTo(ExitCodes.DAMAGED);

    CommandRun dry = CommandRun.of("wal", "clear", uri, "--dry-run");
    assertThat(dry.code()).isEqualTo(ExitCodes.DAMAGED);
    assertThat(dry.out())
        .contains(damaged.getFileName().toString())
        .containsPattern("would be lost: the changes with sequence numbers [0-9]+ to 20[0-9]");
    CommandRun refused = CommandRun.of("wal", "clear", uri);
    assertThat(refused.code()).isEqualTo(ExitCodes.DAMAGED);
    assertThat(refused.err()).contains("--discard", "sequence numbers");
    assertThat(RecoveryPoints.of(place()).list()).as("nothing was touched").isEmpty();

    CommandRun run = CommandRun.of("wal", "clear", uri, "--discard");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("lost: the changes", "kept as the recovery point");
    assertThat(CommandRun.of("verify", name).code()).isZero();
    int kept = CommandRun.of("scan", name, "fruit", "--json").lines().size();
    assertThat(kept).isBetween(20, 180);
    assertThat(CommandRun.of("put", name, "fruit", "0x01", "0x02").code()).isZero();
    assertThat(CommandRun.of("recover", name, "--to-point", "latest").code()).isZero();
    assertThat(CommandRun.of("info", name).code()).as("back").isEqualTo(ExitCodes.DAMAGED);
  }
}
