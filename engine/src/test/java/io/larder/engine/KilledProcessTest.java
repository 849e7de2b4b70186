package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills a real process with SIGKILL while it writes: everything it acknowledged is there afterwards. */
final class KilledProcessTest {
  private static final int ROUNDS = Integer.getInteger("larder.kill.rounds", 3);

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"always", "interval", "none"})
  @Timeout(120)
  void kill_losesNothingAcknowledged(String sync) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String uri =
        "larder:"
            + temporary.resolve("killed")
            + "?memtable.size=256KB&wal.segment=64KB&sync="
            + sync;
    int acknowledged = -1;
    for (int round = 0; round < ROUNDS; round++) {
      Process writer = start(uri, acknowledged + 1);
      int enough = acknowledged + 200 + random.nextInt(1_500);
      acknowledged = readUntil(writer, enough, uri, round);
      try (Database recovered = Databases.open(LarderUri.parse(uri))) {
        int last = requireAll(recovered, acknowledged, "seed " + seed);
        assertThat(last - acknowledged).as("unacknowledged but there").isLessThanOrEqualTo(2_000);
        acknowledged = last;
      }
    }
  }

  private static Process start(String uri, int first) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledWriter.class.getName(),
            uri,
            String.valueOf(first))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Reads acknowledgements, kills the process, and returns the last one it got out. */
  private static int readUntil(Process writer, int enough, String uri, int round)
      throws IOException, InterruptedException {
    int acknowledged = -1;
    try (BufferedReader lines = writer.inputReader(StandardCharsets.US_ASCII)) {
      while (acknowledged < enough) {
        String line = lines.readLine();
        assertThat(line).as("the writer goes on").isNotNull();
        acknowledged = Integer.parseInt(line);
      }
      if (round == 0) {
        requireLocked(writer, uri);
      }
      // through the handle, since the process itself would close the pipe with what is still in it
      writer.toHandle().destroyForcibly();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // a number cut short by the kill is smaller than the one before it
        acknowledged = Math.max(acknowledged, Integer.parseInt(line));
      }
    } finally {
      writer.destroyForcibly();
    }
    assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return acknowledged;
  }

  private static void requireLocked(Process writer, String uri) {
    assertThatThrownBy(() -> Databases.open(LarderUri.parse(uri)))
        .isInstanceOf(DatabaseLockedException.class)
        .hasMessageContaining("process " + writer.pid())
        .hasMessageContaining("on host")
        .hasMessageContaining("since 2");
  }

  private static int requireAll(Database recovered, int acknowledged, String seed) {
    Keyspace single = recovered.keyspace("single");
    Keyspace batches = recovered.keyspace("batches");
    int last = -1;
    try (Cursor cursor = single.cursor(KeyRange.all())) {
      while (cursor.next()) {
        int number = ByteBuffer.wrap(cursor.key()).getInt();
        assertThat(number).as(seed).isEqualTo(++last);
        assertThat(cursor.value()).as(seed).isEqualTo(KilledWriter.value(number));
      }
    }
    assertThat(last).as(seed).isGreaterThanOrEqualTo(acknowledged);
    int members = 0;
    try (Cursor cursor = batches.cursor(KeyRange.all())) {
      while (cursor.next()) {
        assertThat(ByteBuffer.wrap(cursor.key()).getInt()).as(seed).isEqualTo(members);
        assertThat(cursor.value()).as(seed).isEqualTo(KilledWriter.value(members / 10));
        members++;
      }
    }
    assertThat(members % 10).as("no batch in part, " + seed).isZero();
    int lastBatch = members / 10 - 1;
    assertThat(lastBatch).as(seed).isBetween(Math.max(acknowledged, last - 1), last);
    return lastBatch;
  }
}
