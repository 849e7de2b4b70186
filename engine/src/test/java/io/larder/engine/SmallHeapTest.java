package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with a heap of 256 MB writes several times as much. The system property {@code larder.heap.megabytes} says
 * how much; 5120 is what the project promises.
 */
@Tag("long")
final class SmallHeapTest {
  private static final int MEGABYTES = Integer.getInteger("larder.heap.megabytes", 600);
  private static final Pattern ANONYMOUS = Pattern.compile("RssAnon: (\\d+) kB");

  @TempDir Path temporary;

  @Test
  @Timeout(600)
  void write_muchMoreThanTheHeapHolds_staysInside() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseG1GC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapWriter.class.getName(),
                "larder:" + temporary.resolve("large") + "?sync=none",
                String.valueOf(MEGABYTES))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = writer.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = output.lines().toList();
      assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
      lines.forEach(System.out::println);
      assertThat(writer.exitValue()).isZero();
      assertThat(lines.get(lines.size() - 1)).isEqualTo("closed");
      Matcher anonymous = ANONYMOUS.matcher(lines.get(0));
      if (anonymous.find()) { // mapped tables are the operating system's to keep or to give up
        assertThat(Long.parseLong(anonymous.group(1))).isLessThan(450_000);
      }
    } finally {
      writer.destroyForcibly();
    }
  }
}
