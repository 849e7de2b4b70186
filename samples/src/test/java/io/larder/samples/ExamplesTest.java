package io.larder.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {

  @TempDir Path directory;

  @Test
  void examples_shareOneDurableStock() throws SQLException {
    String place = directory.resolve("shop").toString();

    assertThat(JCacheExample.sellApple(URI.create("larder:" + place))).isEqualTo(41);
    assertThat(JCacheExample.sellApple(URI.create("larder:" + place))).isEqualTo(40);

    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    JdbcExample.printScarce(
        "jdbc:larder:" + place, new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("apples: 40\n");
  }
}
