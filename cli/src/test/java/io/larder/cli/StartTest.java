package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command loads before it can work. */
class StartTest {
  @TempDir Path directory;

  @Test
  void commandsWithoutSql_loadNoClassOfCalcite() throws Exception {
    Path file = directory.resolve("t.csv");
    Files.writeString(file, "id,name\n1,a\n");
    String database = directory.resolve("db").toString();

    for (List<String> command :
        List.of(
            List.of(
                "import", file.toString(), "--into", "t", "--key", "id", "--database", database),
            List.of("info", database),
            List.of("get", database, "t", "1"),
            List.of("export", database, "t"))) {
      List<String> java =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xlog:class+load:file=" + directory.resolve("classes.log"),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Larder.class.getName()));
      java.addAll(command);
      Process process =
          new ProcessBuilder(java)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("out").toFile())
              .start();
      assertThat(process.waitFor()).as(Files.readString(directory.resolve("out"))).isZero();

      String loaded =
          Files.readString(directory.resolve("classes.log"), StandardCharsets.ISO_8859_1);
      assertThat(loaded).contains("io.larder.cli.Larder", "io.larder.engine.Databases");
      assertThat(loaded.lines().filter(line -> line.contains("] org.apache.calcite"))).isEmpty();
      assertThat(loaded.lines().filter(line -> line.contains("] io.larder.jdbc"))).isEmpty();
    }
  }
}
