package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.LarderUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** backup and recovery-points. */
class BackupTest {
  @TempDir Path directory;
  private String database;
  private String backups;

  @BeforeEach
  void fill() throws IOException {
    database = directory.resolve("db").toString();
    backups = directory.resolve("backups").toString();
    Path file = directory.resolve("fruit.csv");
    Files.writeString(file, "id:INTEGER:KEY,name:VARCHAR\n1,apple\n2,pear\n");
    good("import", file.toString(), "--into", "fruit", "--database", database);
  }

  private static CommandRun good(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.code()).as(String.join(" ", arguments) + ": " + run.err()).isZero();
    return run;
  }

  private CommandRun create(String name, String... more) {
    return good(
        Stream.concat(
                Stream.of("backup", "create", database, "--to", backups, "--name", name),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static String names(String place) {
    return String.join(
        ",",
        good("scan", place, "fruit", "--json").lines().stream()
            .map(line -> line.replaceAll(".*\"name\":\"(.*)\"}", "$1"))
            .toList());
  }

  @Test
  void create_list_verify_restore() {
    assertThat(create("first").out()).contains("first: ", "new on disk");
    good("put", database, "fruit", "3", "name=plum");
    assertThat(create("second", "--incremental", "--json").out())
        .contains("\"name\":\"second\"", "\"kind\":\"incremental\"");
    create("third", "--single-file");

    assertThat(good("backup", "list", backups).lines()).hasSize(4);
    assertThat(good("backup", "list", backups).lines().get(0)).startsWith("NAME    STATE AT");
    assertThat(good("backup", "list", backups, "--json").lines().get(0)).contains("\"first\"");
    assertThat(good("backup", "verify", backups).lines())
        .containsExactly("first: good", "second: good", "third: good");

    String target = directory.resolve("restored").toString();
    assertThat(good("backup", "restore", backups, "--into", target, "--backup", "first").out())
        .contains(target + " restored from first");
    assertThat(names(target)).isEqualTo("apple,pear");
    for (String name : List.of("second", "third")) {
      String other = directory.resolve("of-" + name).toString();
      good("backup", "restore", backups, "--into", other, "--backup", name);
      assertThat(names(other)).isEqualTo("apple,pear,plum");
    }
    CommandRun occupied =
        CommandRun.of("backup", "restore", backups, "--into", target, "--backup", "second");
    assertThat(occupied.code()).isEqualTo(1);
    assertThat(occupied.err()).contains(target);
    assertThat(names(target)).isEqualTo("apple,pear");
  }

  @Test
  void restore_replacing_keepsTheOldOneAsRecoveryPoint() {
    create("first");
    good("put", database, "fruit", "3", "name=plum");

    CommandRun restore = good("backup", "restore", backups, "--into", database, "--replace");
    assertThat(restore.out()).contains("kept as the recovery point");
    assertThat(names(database)).isEqualTo("apple,pear");

    CommandRun points = good("recovery-points", "list", database, "--json");
    assertThat(points.lines()).hasSize(1);
    String name = points.out().replaceAll("(?s).*\"name\":\"([^\"]*)\".*", "$1");
    good("recovery-points", "go-back", database, name);
    assertThat(names(database)).isEqualTo("apple,pear,plum");

    good("recovery-points", "create", database, "--reason", "test");
    assertThat(good("recovery-points", "list", database).out()).contains("NAME", "test");
    assertThat(good("recovery-points", "prune", database, "--keep", "1").out())
        .contains("removed ", " removed, 1 left");
    assertThat(good("recovery-points", "list", database, "--json").lines()).hasSize(1);
    assertThat(CommandRun.of("recovery-points", "go-back", database, "no").code()).isNotZero();
  }

  @Test
  void restore_toASequence_replaysTheLiveLog() {
    create("first");
    good("put", database, "fruit", "3", "name=plum");
    good("put", database, "fruit", "4", "name=fig");
    List<String> batches = good("wal", "inspect", database, "--json").lines();
    String sequence =
        batches.get(batches.size() - 2).replaceAll(".*\"lastSequence\":(\\d+).*", "$1");

    String target = directory.resolve("earlier").toString();
    good(
        "backup",
        "restore",
        backups,
        "--into",
        target,
        "--to-sequence",
        sequence,
        "--live-log",
        database);
    assertThat(names(target)).isEqualTo("apple,pear,plum");

    String latest = directory.resolve("latest").toString();
    CommandRun run =
        good("backup", "restore", backups, "--into", latest, "--latest", "--live-log", database);
    assertThat(run.out()).contains("2 batches of the log replayed");
    assertThat(names(latest)).isEqualTo("apple,pear,plum,fig");
    assertThat(
            CommandRun.of(
                    "backup",
                    "restore",
                    backups,
                    "--into",
                    latest,
                    "--latest",
                    "--to-sequence",
                    "1")
                .code())
        .isEqualTo(2);
  }

  @Test
  void prune_keepsTheNewest() {
    for (String name : List.of("a", "b", "c")) {
      create(name);
      good("put", database, "fruit", "9", "name=" + name);
    }
    assertThat(good("backup", "prune", backups, "--keep", "1", "--older-than", "1d").out())
        .contains("0 removed, 3 left");
    assertThat(good("backup", "prune", backups, "--keep", "2").out()).contains("1 removed, 2 left");
    assertThat(good("backup", "list", backups, "--json").lines()).hasSize(2);
    assertThat(CommandRun.of("backup", "prune", backups, "--keep", "0").code()).isEqualTo(1);
  }

  @Test
  void verify_damagedBackup_namesTheFileWithCode5() throws IOException {
    create("first");
    try (Stream<Path> files = Files.walk(Path.of(backups))) {
      Path largest =
          files
              .filter(Files::isRegularFile)
              .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
              .orElseThrow();
      byte[] content = Files.readAllBytes(largest);
      content[content.length / 2] ^= 1;
      Files.write(largest, content);

      CommandRun run = CommandRun.of("backup", "verify", backups);

      assertThat(run.code()).isEqualTo(ExitCodes.DAMAGED);
      assertThat(run.out()).contains("DAMAGED", largest.getFileName().toString());
      assertThat(
              CommandRun.of(
                      "backup", "restore", backups, "--into", directory.resolve("x").toString())
                  .code())
          .isEqualTo(ExitCodes.DAMAGED);
      assertThat(directory.resolve("x")).doesNotExist();
    }
  }

  @Test
  void openDatabase_isNotRestoredOver() {
    create("first");
    try (Database open = Databases.open(LarderUri.parse("larder:" + database))) {
      CommandRun run = CommandRun.of("backup", "restore", backups, "--into", database, "--replace");
      assertThat(run.code()).as(run.err()).isEqualTo(ExitCodes.HELD);
      assertThat(open.keyspaceNames()).contains("fruit");
    }
    assertThat(CommandRun.of("backup", "list", directory.resolve("no").toString()).code())
        .isEqualTo(3);
  }
}
