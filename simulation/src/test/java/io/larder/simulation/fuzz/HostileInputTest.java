package io.larder.simulation.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The targets on seeded changes, without a guide: {@code -Dlarder.fuzz.scale=N} makes it N times as long, {@code
 * -Dlarder.fuzz.seed=S} repeats a run. A case that fails is printed, for the corpus.
 */
@Timeout(600)
class HostileInputTest {
  private static final int SCALE = Integer.getInteger("larder.fuzz.scale", 1);

  private final long seed = Long.getLong("larder.fuzz.seed", 1);
  private final Random random = new Random(seed);

  /** A target on bytes; says whether they were refused. */
  @FunctionalInterface
  private interface Target {
    boolean run(byte[] input);
  }

  private int rounds(int count, Target target, Iterator<byte[]> cases) {
    int refused = 0;
    for (int done = 0; done < count; done++) {
      byte[] one = cases.next();
      try {
        refused += target.run(one) ? 1 : 0;
      } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError(
            "seed " + seed + ", case " + HexFormat.of().formatHex(one) + ": " + e, e);
      }
    }
    return refused;
  }

  private Iterator<byte[]> changes() {
    return Stream.generate(this::change).iterator();
  }

  private byte[] change() {
    byte[] changes = new byte[4 * (1 + random.nextInt(random.nextInt(8) + 1))];
    random.nextBytes(changes);
    return changes;
  }

  @ParameterizedTest
  @CsvSource({".manifest, 2500", ".wal, 2500", ".table, 2500", "CURRENT, 800", "LOCK, 300"})
  void file_changedWithRightChecksums_failsWithOwnExceptionsOnly(String suffix, int count) {
    int refused = rounds(count * SCALE, input -> FileTargets.changed(suffix, input), changes());
    System.out.printf("hostile %s: %,d, %,d refused%n", suffix, count * SCALE, refused);
    assertThat(refused > 0 || suffix.equals("LOCK")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({".manifest", ".wal", ".table", "CURRENT", "LOCK"})
  void file_ofAnyBytes_failsWithOwnExceptionsOnly(String suffix) {
    int count = 100 * SCALE;
    rounds(count, input -> FileTargets.replaced(suffix, input), changes());
  }

  @ParameterizedTest
  @CsvSource({"INVENTORY, 1500", ".backup, 800"})
  void backup_changedWithRightChecksums_failsWithOwnExceptionsOnly(String suffix, int count) {
    int refused = rounds(count * SCALE, input -> BackupTargets.changed(suffix, input), changes());
    rounds(100 * SCALE, input -> BackupTargets.replaced(suffix, input), changes());
    System.out.printf("hostile %s: %,d, %,d refused%n", suffix, count * SCALE, refused);
    assertThat(refused).isPositive();
  }

  @Test
  void entry_ofAnyBytes_failsWithOwnExceptionsOnly() {
    int count = 4_000 * SCALE;
    int refused = rounds(count, TextTargets::entry, mutations(TextTargets.entries()));
    System.out.printf("hostile entries: %,d, %,d refused%n", count, refused);
    assertThat(refused).isBetween(1, count - 1);
  }

  @Test
  void uri_ofAnyText_isReadOrRefused() throws IOException {
    int refused =
        rounds(20_000 * SCALE, input -> TextTargets.uri(text(input)), mutations(texts("uris.txt")));
    System.out.printf("hostile URIs: %,d, %,d refused%n", 20_000 * SCALE, refused);
    assertThat(refused).isBetween(1, 20_000 * SCALE - 1);
  }

  @Test
  void sql_ofAnyText_isRunOrRefused() throws IOException {
    int count = 1_500 * SCALE;
    int refused =
        rounds(count, input -> TextTargets.sql(text(input)), mutations(texts("statements.txt")));
    System.out.printf("hostile SQL: %,d, %,d refused%n", count, refused);
    assertThat(refused).isBetween(1, count - 1);
  }

  private static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  private static List<byte[]> texts(String name) throws IOException {
    return lines(name).stream().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in = HostileInputTest.class.getResourceAsStream(name)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return all.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  /** The seeds as they are, then parts of them put together and spoilt, without end. */
  private Iterator<byte[]> mutations(List<byte[]> seeds) {
    return Stream.concat(seeds.stream(), Stream.generate(() -> mutation(seeds))).iterator();
  }

  private byte[] mutation(List<byte[]> seeds) {
    byte[] one = seeds.get(random.nextInt(seeds.size()));
    byte[] two = seeds.get(random.nextInt(seeds.size()));
    int cut = random.nextInt(one.length + 1);
    int go = random.nextInt(two.length + 1);
    byte[] joined = java.util.Arrays.copyOf(one, cut + two.length - go);
    System.arraycopy(two, go, joined, cut, two.length - go);
    if (random.nextInt(3) == 0) {
      joined = one.clone();
    }
    for (int i = random.nextInt(4); i > 0 && joined.length > 0; i--) {
      int at = random.nextInt(joined.length);
      switch (random.nextInt(4)) {
        case 0 -> joined[at] = (byte) random.nextInt();
        case 1 -> joined[at] = (byte) "'\"();,?&=:/%*-0 \n".charAt(random.nextInt(17));
        case 2 -> joined[at] = joined[random.nextInt(joined.length)];
        default -> joined = text(joined).toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
      }
    }
    return joined;
  }
}
