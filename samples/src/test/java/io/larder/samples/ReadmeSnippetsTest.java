package io.larder.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README shows exactly the code that is compiled and run here. */
class ReadmeSnippetsTest {

  private static final Path SOURCES = Path.of("src/main/java/io/larder/samples");

  @ParameterizedTest
  @CsvSource({"JCacheExample, jcache", "JdbcExample, jdbc"})
  void readme_showsCompiledSnippet(String sample, String snippet) throws IOException {
    String code = snippet(Files.readAllLines(SOURCES.resolve(sample + ".java")), snippet);

    assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + code + "```");
  }

  private static String snippet(List<String> lines, String name) {
    int start = indexOf(lines, "// snippet: " + name) + 1;
    int end = start + indexOf(lines.subList(start, lines.size()), "// end");
    return String.join("\n", lines.subList(start, end)).stripIndent() + "\n";
  }

  private static int indexOf(List<String> lines, String marker) {
    for (int line = 0; line < lines.size(); line++) {
      if (lines.get(line).strip().equals(marker)) {
        return line;
      }
    }
    throw new AssertionError("no line '" + marker + "'");
  }
}
