package io.larder.simulation.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.simulation.SilentLog;
import io.larder.simulation.damage.ClosedDatabase.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Damages whole files and sectors of a database that was closed in order: it is noticed, or everything can still be
 * read, and never is an older state taken for the present one.
 */
@ExtendWith(SilentLog.class)
@Timeout(600)
class WholeFilesTest {
  private static final int SECTOR_BYTES = 512;
  private static final Path DIRECTORY = ClosedDatabase.DIRECTORY;
  private static ClosedDatabase database;
  private static ClosedDatabase other;

  private final List<String> wrong = new ArrayList<>();
  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);

  /** What is done to the files, which may be changed. */
  @FunctionalInterface
  private interface Damage {
    void to(Map<String, byte[]> files);
  }

  @BeforeAll
  static void build() throws IOException {
    database = new ClosedDatabase(1);
    other = new ClosedDatabase(2);
  }

  private Outcome tryOut(String what, Damage damage) throws IOException {
    Map<String, byte[]> files = new TreeMap<>(database.files());
    damage.to(files);
    InMemoryFileSystem copy = database.copy();
    for (String name : database.files().keySet()) {
      if (!files.containsKey(name)) {
        copy.delete(DIRECTORY.resolve(name));
      }
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (file.getValue() != database.files().get(file.getKey())) {
        Files.put(copy, DIRECTORY.resolve(file.getKey()), file.getValue());
      }
    }
    copy.syncDirectory(DIRECTORY);
    try {
      Outcome outcome = database.judge(copy, what);
      outcomes.merge(outcome, 1, Integer::sum);
      return outcome;
    } catch (AssertionError e) {
      wrong.add(e.getMessage());
      return Outcome.HARMLESS;
    }
  }

  private void requireNothingWrong(String what) {
    System.out.printf("damage at rest: %s: %s%n", what, outcomes);
    assertThat(wrong).as(what).isEmpty();
    assertThat(outcomes).containsKey(Outcome.DETECTED);
  }

  @Test
  void sector_zeroedOrFilled_isDetectedOrHarmless() throws IOException {
    for (Map.Entry<String, byte[]> file : database.files().entrySet()) {
      byte[] content = file.getValue();
      for (int from = 0; from < content.length; from += SECTOR_BYTES) {
        int start = from;
        int end = Math.min(content.length, from + SECTOR_BYTES);
        for (byte fill : new byte[] {0, -1}) {
          byte[] damaged = content.clone();
          Arrays.fill(damaged, start, end, fill);
          tryOut(
              "sector at " + start + " of " + file.getKey() + " filled with " + fill,
              files -> files.put(file.getKey(), damaged));
        }
        byte[] moved = content.clone();
        int source = (start + 4096) % content.length / SECTOR_BYTES * SECTOR_BYTES;
        System.arraycopy(
            content, source, moved, start, Math.min(end - start, content.length - source));
        tryOut(
            "sector at " + start + " of " + file.getKey() + " overwritten with that at " + source,
            files -> files.put(file.getKey(), moved));
      }
    }
    requireNothingWrong("zeroed, filled and misplaced sectors");
  }

  @Test
  void file_cutOrGrown_isDetectedOrHarmless() throws IOException {
    for (Map.Entry<String, byte[]> file : database.files().entrySet()) {
      byte[] content = file.getValue();
      TreeSet<Integer> lengths = new TreeSet<>();
      for (int length = 0; length < Math.min(content.length, 600); length++) {
        lengths.add(length);
        lengths.add(content.length - length - 1);
      }
      for (int length = 0; length < content.length; length += SECTOR_BYTES) {
        lengths.addAll(List.of(Math.max(0, length - 1), length, length + 1));
      }
      for (int length : lengths.headSet(content.length)) {
        tryOut(
            file.getKey() + " cut to " + length,
            files -> files.put(file.getKey(), Arrays.copyOf(content, length)));
      }
      for (int more : new int[] {1, 4, 20, 512, 4096, 100_000}) {
        tryOut(
            file.getKey() + " grown by " + more,
            files -> files.put(file.getKey(), Arrays.copyOf(content, content.length + more)));
      }
      byte[] twice = Arrays.copyOf(content, 2 * content.length);
      System.arraycopy(content, 0, twice, content.length, content.length);
      tryOut(file.getKey() + " twice over", files -> files.put(file.getKey(), twice));
    }
    requireNothingWrong("cut and grown files");
  }

  @Test
  void files_lostOrExchanged_areDetectedOrHarmless() throws IOException {
    List<String> names = List.copyOf(database.files().keySet());
    for (String one : names) {
      for (String two : names) {
        tryOut(
            one + " and " + two + " lost",
            files -> {
              files.remove(one);
              files.remove(two);
            });
        tryOut(two + " in place of " + one, files -> files.put(one, files.get(two)));
        tryOut(
            one + " and " + two + " exchanged",
            files -> {
              byte[] first = files.get(one);
              files.put(one, files.get(two));
              files.put(two, first);
            });
      }
    }
    requireNothingWrong("lost and exchanged files");
  }

  @Test
  void file_underAnotherNameToo_isDetectedOrHarmless() throws IOException {
    List<String> others = new ArrayList<>();
    for (String suffix : List.of(".manifest", ".table", ".wal", ".spare")) {
      for (int number : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 99}) {
        others.add("%016x%s".formatted(number, suffix));
      }
    }
    others.addAll(List.of("CURRENT.new", "CREATING", "LOCK.new", "copy of CURRENT"));
    for (Map.Entry<String, byte[]> file : database.files().entrySet()) {
      for (String another : others) {
        if (!database.files().containsKey(another)) {
          tryOut(
              file.getKey() + " also as " + another, files -> files.put(another, file.getValue()));
          tryOut(
              file.getKey() + " renamed to " + another,
              files -> files.put(another, files.remove(file.getKey())));
        }
      }
    }
    requireNothingWrong("files under other names");
  }

  @Test
  void file_ofAnotherDatabase_isDetectedOrHarmless() throws IOException {
    Map<String, byte[]> foreigners = new TreeMap<>(other.files());
    foreigners.remove("LOCK"); // its text is for people
    foreigners.keySet().removeIf(name -> name.endsWith(".spare")); // holds nothing
    for (Map.Entry<String, byte[]> foreign : foreigners.entrySet()) {
      tryOut(
          foreign.getKey() + " of another database",
          files -> files.put(foreign.getKey(), foreign.getValue()));
      String free = "00000000000000aa" + foreign.getKey().replaceAll("^[0-9a-f]*", "");
      tryOut(
          foreign.getKey() + " of another database as " + free,
          files -> files.put(free, foreign.getValue()));
      tryOut(
          "all but " + foreign.getKey() + " of another database",
          files -> {
            byte[] kept = files.get(foreign.getKey());
            files.clear();
            files.putAll(other.files());
            if (kept != null) {
              files.put(foreign.getKey(), kept);
            }
          });
    }
    requireNothingWrong("files of another database");
  }

  @Test
  void foreignFile_isLeftAlone() throws IOException {
    for (String name :
        List.of("notes.txt", "x.table", "zz.wal", "0.manifest", "0000000000000001", ".hidden")) {
      byte[] text = "not Larder's".getBytes(StandardCharsets.US_ASCII);
      InMemoryFileSystem copy = database.copy();
      Files.put(copy, DIRECTORY.resolve(name), text);
      assertThat(database.judge(copy, "foreign file " + name)).isEqualTo(Outcome.HARMLESS);
      assertThat(Files.contents(copy, DIRECTORY)).as(name).containsEntry(name, text);
    }
  }

  @Test
  void file_replacedByAnOlderOne_neverShowsAnOlderState() throws IOException {
    List<Map<String, byte[]>> generations = database.generations();
    for (int age = 1; age < generations.size(); age++) {
      Map<String, byte[]> old = generations.get(generations.size() - 1 - age);
      List<String> names = old.keySet().stream().filter(name -> !name.equals("LOCK")).toList();
      for (int chosen = 1; chosen < 1 << names.size(); chosen++) {
        List<String> replaced = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
          if ((chosen >> i & 1) != 0) {
            replaced.add(names.get(i));
          }
        }
        if (!vouchesForItself(replaced)) {
          tryOut(
              replaced + " of " + age + " closes before",
              files -> replaced.forEach(name -> files.put(name, old.get(name))));
        }
      }
    }
    requireNothingWrong("older files");
  }

  /**
   * Returns whether both are old that vouch for the manifest's end: itself and CURRENT. Old together they cannot be
   * told from a backup that somebody put there.
   */
  private static boolean vouchesForItself(List<String> replaced) {
    return replaced.contains("CURRENT")
        && replaced.stream().anyMatch(name -> name.endsWith(".manifest"));
  }
}
