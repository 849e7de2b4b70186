package io.larder.simulation.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;

/**
 * The targets, guided by coverage: in the build on the corpus in the test resources, with {@code .ci/fuzz} on new cases
 * for as long as one likes.
 */
class DecoderFuzzTest {
  private static final String TIME = "60s";

  @FuzzTest(maxDuration = TIME)
  void manifest(byte @NotNull [] changes) {
    FileTargets.changed(".manifest", changes);
  }

  @FuzzTest(maxDuration = TIME)
  void log(byte @NotNull [] changes) {
    FileTargets.changed(".wal", changes);
  }

  @FuzzTest(maxDuration = TIME)
  void table(byte @NotNull [] changes) {
    FileTargets.changed(".table", changes);
  }

  @FuzzTest(maxDuration = TIME)
  void current(byte @NotNull [] changes) {
    FileTargets.changed("CURRENT", changes);
  }

  @FuzzTest(maxDuration = TIME)
  void lock(byte @NotNull [] content) {
    FileTargets.replaced("LOCK", content);
  }

  @FuzzTest(maxDuration = TIME)
  void wholeManifest(byte @NotNull [] content) {
    FileTargets.replaced(".manifest", content);
  }

  @FuzzTest(maxDuration = TIME)
  void inventory(byte @NotNull [] changes) {
    BackupTargets.changed("INVENTORY", changes);
  }

  @FuzzTest(maxDuration = TIME)
  void archiveFile(byte @NotNull [] changes) {
    BackupTargets.changed(".backup", changes);
  }

  @FuzzTest(maxDuration = TIME)
  void wholeInventory(byte @NotNull [] content) {
    BackupTargets.replaced("INVENTORY", content);
  }

  @FuzzTest(maxDuration = TIME)
  void entry(byte @NotNull [] entry) {
    TextTargets.entry(entry);
  }

  @FuzzTest(maxDuration = TIME)
  void uri(@NotNull @WithUtf8Length(max = 400) String text) {
    TextTargets.uri(text);
  }

  @FuzzTest(maxDuration = TIME)
  void sql(@NotNull @WithUtf8Length(max = 400) String text) {
    TextTargets.sql(text);
  }
}
