package io.larder.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LarderUriTest {
  @Test
  void parse_directoryWithParameters() {
    LarderUri uri = LarderUri.parse("larder:/var/lib/shop?sync=always&wal.segment=10MB");
    assertThat(uri.location()).isEqualTo(new DatabaseLocation.Directory(Path.of("/var/lib/shop")));
    assertThat(uri.parameters()).isEqualTo(Map.of("sync", "always", "wal.segment", "10MB"));
  }

  @Test
  void parse_sameDatabaseBehindJdbc() {
    assertThat(LarderUri.parse("jdbc:larder:data/shop?sync=none"))
        .isEqualTo(LarderUri.parse("larder:data/shop?sync=none"));
  }

  @Test
  void parse_inMemory() {
    assertThat(LarderUri.parse(URI.create("larder:mem:test")).location())
        .isEqualTo(new DatabaseLocation.InMemory("test"));
  }

  @Test
  void toString_parsesBackToTheSame() {
    LarderUri uri = LarderUri.parse("larder:/a%20b/%C3%BC%25?name=1%262");
    assertThat(uri.location()).isEqualTo(new DatabaseLocation.Directory(Path.of("/a b/\u00fc%")));
    assertThat(uri.parameters()).containsEntry("name", "1&2");
    assertThat(LarderUri.parse(uri.toString())).isEqualTo(uri);
    assertThat(LarderUri.parse(uri.toUri())).isEqualTo(uri);
  }

  @Test
  void toString_masksSecrets() {
    LarderUri uri = LarderUri.parse("larder:mem:a?backup.secret=hunter2");
    assertThat(uri.toString()).doesNotContain("hunter2");
    assertThat(uri.toUri().toString()).contains("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "lardr:/a, does not start with larder:",
    "larder:, the directory is missing",
    "larder:mem:, name of the in-memory database is missing",
    "larder://host/a, a host is named",
    "larder:/a?sync, not of the form name=value",
    "larder:/a?sync=none&sync=always, given twice",
    "larder:/a%2, not followed by two hexadecimal digits",
    "larder:/a%FF, not UTF-8",
    "larder:/a#b, must be written as %23",
  })
  void parse_badText_namesWhatIsWrongAndWhatWasExpected(String text, String problem) {
    assertThatThrownBy(() -> LarderUri.parse(text))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("at character")
        .hasMessageContaining("expected larder:<directory>");
  }
}
