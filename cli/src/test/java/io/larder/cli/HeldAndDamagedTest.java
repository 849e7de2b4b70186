package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.LarderUri;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that another process holds, and databases that are not what they were. */
class HeldAndDamagedTest {

  @TempDir Path directory;

  /** The other process: opens a database, says so, and holds it until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (Database database = Databases.open(LarderUri.parse("larder:" + arguments[0]))) {
        database.openKeyspace("plain").put(new byte[] {1}, new byte[] {2});
        System.out.println("open");
        System.out.flush();
        System.in.read();
      }
    }
  }

  @Test
  void held_saysByWhomAndExitsWith4() throws Exception {
    String database = directory.resolve("db").toString();
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                database)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("open");
      for (List<String> command :
          List.of(
              List.of("info", database),
              List.of("stats", database),
              List.of("keyspaces", database),
              List.of("get", database, "plain", "0x01"),
              List.of("scan", database, "plain"),
              List.of("compact", database),
              List.of("verify", database),
              List.of("repair", database, "--in-place"),
              List.of("recover", database),
              List.of("wal", "archive", database, "--to", directory.resolve("wal").toString()),
              List.of("wal", "clear", database),
              List.of("wal", "clear", database, "--discard"))) {
        CommandRun run = CommandRun.of(command.toArray(String[]::new));
        assertThat(run.code()).as(command + run.err()).isEqualTo(ExitCodes.HELD);
        assertThat(run.err().lines().findFirst().orElseThrow())
            .startsWith("error: ")
            .contains(database, "process " + holder.pid(), " on host ", " since 20");
        assertThat(run.err().lines().skip(1)).singleElement().asString().startsWith("hint: ");
      }
      CommandRun beside = CommandRun.of("verify", database, "--live");
      assertThat(beside.code()).as(beside.err()).isZero();
      assertThat(CommandRun.of("wal", "list", database).code()).isZero();
      CommandRun json = CommandRun.of("info", database, "--json");
      assertThat(json.err()).startsWith("{\"error\":").contains("\"exitCode\":4}");
      assertThat(json.out()).isEmpty();
    } finally {
      holder.getOutputStream().close();
      holder.waitFor();
    }
    assertThat(CommandRun.of("get", database, "plain", "0x01").out()).isEqualTo("0x02\n");
  }

  @Test
  void damaged_saysWhereAndExitsWith5() throws IOException {
    Path place = directory.resolve("db");
    try (Database database = Databases.open(LarderUri.parse("larder:" + place))) {
      database.openKeyspace("plain").put(new byte[] {1}, new byte[1000]);
      database.flush();
    }
    Path table = only(place, ".table");
    byte[] bytes = Files.readAllBytes(table);
    bytes[bytes.length - 1] ^= 1;
    Files.write(table, bytes);

    CommandRun run = CommandRun.of("scan", place.toString(), "plain");

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCodes.DAMAGED);
    assertThat(run.err()).contains(table.getFileName().toString()).doesNotContain("\tat ");
    assertThat(CommandRun.of("scan", place.toString(), "plain", "--debug").err())
        .contains("CorruptionException", "\tat io.larder");
  }

  private static Path only(Path place, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  @Test
  void foreignDirectory_isNotTouched() throws IOException {
    File notes = Files.writeString(directory.resolve("notes.txt"), "milk").toFile();

    CommandRun run = CommandRun.of("info", directory.toString());

    assertThat(run.code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(run.err()).contains(directory.toString());
    assertThat(directory.toFile().listFiles()).containsExactly(notes);
    assertThat(CommandRun.of("info", notes.toString()).code()).isNotZero();
    assertThat(notes).hasContent("milk");
  }
}
