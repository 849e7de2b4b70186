package io.larder.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What options must be together, and that the page about them is the table of options. */
final class OptionRulesTest {
  @ParameterizedTest
  @CsvSource({
    "memtable.size=64MB&memory.limit=32MB, memtable.size is '64MB'; memory.limit is '32MB'",
    "write.buffer=1GB&memory.limit=32MB, write.buffer is '1GB'; memory.limit is '32MB'",
    "write.buffer=1MB&memtable.size=2MB, write.buffer is '1MB'; memtable.size is '2MB'; two names",
    "key.limit=32KB&batch.limit=16KB, key.limit is '32KB'; batch.limit is '16KB'",
    "value.limit=512MB, value.limit is '512MB'; batch.limit is '256MB' (default)",
    "batch.limit=1KB, value.limit is '1MB' (default); batch.limit is '1KB'",
    "persistence=off&sync=always, sync is 'always'; persistence is 'off'",
    "persistence=off&sync.interval=1s, sync.interval is '1s'; persistence is 'off'",
    "memtable.size=64MB&memory.limit=many, memory.limit: found 'many'",
  })
  void combination_thatCannotBe_namesBothValues(String parameters, String expected) {
    LarderUri uri = LarderUri.parse("larder:/somewhere?" + parameters);
    assertThatThrownBy(() -> EngineOptions.validate(uri, EngineOptions.all()))
        .isInstanceOf(InvalidOptionException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(expected.split("; ")));
    assertThatThrownBy(() -> DatabaseOptions.of(uri.parameters()))
        .isInstanceOf(InvalidOptionException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(expected.split("; ")));
  }

  @ParameterizedTest
  @CsvSource({
    "memory.limit=1MB",
    "write.buffer=2MB&memtable.size=2MB",
    "persistence=off&sync=none",
    "persistence=on&sync=always",
    "key.limit=32KB&value.limit=512MB&batch.limit=1GB",
  })
  void combination_thatCanBe_isTaken(String parameters) {
    LarderUri uri = LarderUri.parse("larder:/somewhere?" + parameters);
    EngineOptions.validate(uri, EngineOptions.all());
    assertThat(DatabaseOptions.of(uri.parameters())).isNotNull();
  }

  @Test
  void allViolations_areReportedAtOnce() {
    LarderUri uri =
        LarderUri.parse(
            "larder:mem:a?persistence=on&snyc=always&key.limit=ten&memtable.size=64MB&memory.limit=32MB");
    assertThatThrownBy(() -> EngineOptions.validate(uri, EngineOptions.all()))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("3 invalid options")
        .hasMessageContaining("did you mean 'sync'?")
        .hasMessageContaining("key.limit: found 'ten'")
        .hasMessageContaining("memtable.size is '64MB'")
        .hasMessageContaining("larder:mem:a is in memory");
  }

  @Test
  void writeBuffer_isMemtableSize() {
    assertThat(DatabaseOptions.of(Map.of("write.buffer", "3MB")).memtableBytes())
        .isEqualTo(3L << 20);
    assertThat(DatabaseOptions.of(Map.of("write.buffer", "3MB")).given())
        .containsOnlyKeys("memtable.size");
  }

  @Test
  void persistenceOff_makesNoFile_andIsShared(@TempDir Path directory) throws IOException {
    LarderUri uri = LarderUri.parse("larder:" + directory + "/none?persistence=off");
    try (Database one = Databases.open(uri);
        Database other = Databases.open(uri)) {
      one.createKeyspace("a").put(new byte[] {1}, new byte[] {2});
      assertThat(other.keyspace("a").get(new byte[] {1})).containsExactly(2);
    }
    try (Database again = Databases.open(uri)) {
      assertThat(again.keyspaceNames()).isEmpty();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void persistenceOn_inMemory_isRefusedAtOpening() {
    assertThatThrownBy(() -> Databases.open(LarderUri.parse("larder:mem:x?persistence=on")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("persistence is 'on'")
        .hasMessageContaining("mem:x is in memory");
  }

  @Test
  void page_isTheTableOfOptions() throws IOException {
    StringBuilder table = new StringBuilder("| option | default | what |\n|---|---|---|\n");
    for (Option<?> option : EngineOptions.all()) {
      table
          .append("| `" + option.name() + "` | ")
          .append(option.defaultText().isEmpty() ? "-" : "`" + option.defaultText() + "`")
          .append(" | " + option.description());
      if (!option.choices().isEmpty()) {
        table.append(" One of `" + String.join("`, `", option.choices()) + "`.");
      }
      table.append(" |\n");
    }
    Path page = Path.of("..", "docs", "options.md");
    String text = Files.readString(page);
    int from = text.indexOf("| option |");
    int to = text.indexOf("\n\n", from) + 1;
    if (Boolean.getBoolean("larder.docs.write")) {
      Files.writeString(page, text.substring(0, from) + table + text.substring(to));
    } else {
      assertThat(text.substring(from, to))
          .as("docs/options.md; -Dlarder.test.args=-Dlarder.docs.write=true writes it")
          .isEqualTo(table.toString());
    }
  }
}
