package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.LarderUri;
import io.larder.tables.Store;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a shell starts it: the launcher, pipes, the environment, SIGKILL. */
class RealProcessTest {
  private static final int ROWS = 400_000;

  @TempDir Path directory;
  private Path launcher;
  private String database;

  /**
   * A checkout with nothing but the launcher and what a build would have left: a jar that names the
   * classes.
   */
  @BeforeEach
  void install() throws IOException {
    database = directory.resolve("db").toString();
    Path app = Files.createDirectories(directory.resolve("home/cli/target/app"));
    launcher =
        Files.copy(
            Path.of("..", "larder"),
            directory.resolve("home/larder"),
            StandardCopyOption.COPY_ATTRIBUTES);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            String.join(
                " ",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(each -> Path.of(each).toUri().toString())
                    .toList()));
    try (OutputStream jar = Files.newOutputStream(app.resolve("classes.jar"))) {
      new JarOutputStream(jar, manifest).close();
    }
    Files.createFile(app.resolve("built"));
  }

  private ProcessBuilder larder(String... arguments) {
    List<String> command = new ArrayList<>(List.of("bash", launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private CommandRun run(ProcessBuilder builder) throws Exception {
    Path out = Files.createTempFile(directory, "run", ".out");
    Path err = Files.createTempFile(directory, "run", ".err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    int code = process.waitFor();
    return new CommandRun(code, Files.readString(out), Files.readString(err));
  }

  private void makeFile(Path file, int rows, String name) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write("id:INTEGER:KEY,name:VARCHAR\n");
      for (int i = 0; i < rows; i++) {
        writer.write(i + "," + name + i + "\n");
      }
    }
  }

  @Test
  void launcher_passesArgumentsCodesAndUtf8Through() throws Exception {
    Path file = directory.resolve("a b.csv");
    Files.writeString(file, "id,name\n1,caf\u00e9 \uD83D\uDE00\n");

    CommandRun made =
        run(
            larder(
                "import", file.toString(), "--into", "t", "--key", "id", "--database", database));
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.err()).isEmpty();

    ProcessBuilder builder = larder("export", database, "t", "--plain");
    builder.environment().put("LC_ALL", "C"); // must not turn letters into question marks
    CommandRun run = run(builder);
    assertThat(run).isEqualTo(new CommandRun(0, "id,name\r\n1,caf\u00e9 \uD83D\uDE00\r\n", ""));

    assertThat(run(larder("get", database, "t", "2")).code()).isEqualTo(3);
    assertThat(run(larder("get", database, "t", "2")).err()).doesNotContain("\u001B");
    assertThat(run(larder()).code()).isEqualTo(2);
    assertThat(run(larder("--help")).out()).startsWith("NAME\n  larder - ");
  }

  @Test
  void scan_closedPipe_ends() throws Exception {
    Path file = directory.resolve("many.csv");
    makeFile(file, 50_000, "name");
    run(larder("import", file.toString(), "--into", "t", "--database", database));

    List<String> words = larder("scan", database, "t").command();
    ProcessBuilder pipe =
        new ProcessBuilder(
            "bash",
            "-c",
            "bash " + launcher + " " + String.join(" ", words.subList(2, 5)) + " | head -2");
    pipe.environment().put("JAVA_HOME", System.getProperty("java.home"));
    CommandRun run = run(pipe);

    assertThat(run.lines()).hasSize(2);
    assertThat(run.err()).isEmpty();
  }

  /**
   * The process dies in the middle of an import that is to replace a table: the old one is there,
   * whole.
   */
  @Test
  @Tag("long")
  void import_killedInTheMiddle_keepsTheOldTable() throws Exception {
    Path old = directory.resolve("old.csv");
    Path big = directory.resolve("big.csv");
    makeFile(old, 1_000, "old");
    makeFile(big, ROWS, "new");
    CommandRun first = run(larder("import", old.toString(), "--into", "t", "--database", database));
    assertThat(first.code()).as(first.err()).isZero();
    long before = sizeBytes();

    Process process =
        larder("import", big.toString(), "--into", "t", "--replace", "--database", database)
            .redirectErrorStream(true)
            .start();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(60))
        .until(() -> sizeBytes() > before + (4 << 20) || !process.isAlive());
    process.destroyForcibly(); // the launcher has become the JVM by exec
    int code = process.waitFor();

    CommandRun rows = run(larder("export", database, "t", "--plain"));
    assertThat(rows.code()).as(rows.err()).isZero();
    if (code == 0) {
      assertThat(rows.lines()).as("it was faster than the signal").hasSize(ROWS + 1);
      return;
    }
    assertThat(rows.lines()).hasSize(1_001).contains("999,old999");
    try (Store store = Store.open(LarderUri.parse("larder:" + database))) {
      assertThat(store.database().keyspaceNames())
          .as("what was staged is gone")
          .containsExactly("larder:catalog", "larder:dictionary", "t");
    }
    CommandRun again =
        run(larder("import", big.toString(), "--into", "t", "--replace", "--database", database));
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(run(larder("get", database, "t", "399999")).out())
        .isEqualTo("id    399999\nname  new399999\n");
  }

  private long sizeBytes() throws IOException {
    long size = 0;
    try (Stream<Path> files = Files.list(Path.of(database))) {
      for (Path file : files.toList()) {
        if (!file.toString().endsWith(".spare")) {
          size += file.toFile().length();
        }
      }
    }
    return size;
  }
}
