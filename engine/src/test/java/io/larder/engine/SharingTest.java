package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Database;
import io.larder.engine.api.LarderUri;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept back is handed over before anybody else could look for it. */
class SharingTest {
  private static final LarderUri URI = LarderUri.parse("larder:mem:sharing");

  @Test
  void nextOpener_findsWhatThePreparationWrote() {
    try (Database first = Databases.open(URI)) {
      first.createKeyspace("fruit");
      assertThat(first.beforeSharing(() -> first.keyspace("fruit").put(key(), key()))).isNotNull();

      try (Database second = Databases.open(URI)) {
        assertThat(second.keyspace("fruit").get(key())).isEqualTo(key());
      }
    }
  }

  @Test
  void laterOpeners_prepareAgain_untilThePreparationIsClosed() {
    List<String> calls = new ArrayList<>();
    try (Database first = Databases.open(URI)) {
      Database.Preparation preparation = first.beforeSharing(() -> calls.add("prepared"));
      Databases.open(URI).close();
      Databases.open(URI).close();
      assertThat(calls).hasSize(2);

      preparation.close();
      Databases.open(URI).close();
      assertThat(calls).hasSize(2);
    }
  }

  @Test
  void beforeSharing_ofADatabaseThatIsOrWasShared_isRefused() {
    try (Database first = Databases.open(URI)) {
      try (Database second = Databases.open(URI)) {
        assertThat(first.beforeSharing(() -> {})).isNull();
        assertThat(second.beforeSharing(() -> {})).isNull();
      }
      assertThat(first.beforeSharing(() -> {})).isNull();
    }
  }

  @Test
  void failedPreparation_reachesTheOpener_whoLeavesNothingBehind() {
    Database first = Databases.open(URI);
    first.createKeyspace("fruit");
    var unused =
        first.beforeSharing(
            () -> {
              throw new IllegalStateException("no room");
            });

    assertThatThrownBy(() -> Databases.open(URI)).hasMessage("no room");

    first.keyspace("fruit").put(key(), key());
    first.close();
    try (Database anew = Databases.open(URI)) {
      assertThat(anew.findKeyspace("fruit")).isEmpty(); // the only handle was the first's
    }
  }

  @Test
  void anotherHandle_isTheSameOpeners_andKeepsTheDatabaseOpen() {
    Database first = Databases.open(URI);
    Database another = first.another();
    first.createKeyspace("fruit");
    assertThat(another.beforeSharing(() -> {})).isNotNull();
    first.close();

    try (Database second = Databases.open(URI)) {
      assertThat(second.findKeyspace("fruit")).isPresent();
      another.close();
      assertThat(second.findKeyspace("fruit")).isPresent();
    }
    try (Database anew = Databases.open(URI)) {
      assertThat(anew.findKeyspace("fruit")).isEmpty();
    }
  }

  private static byte[] key() {
    return new byte[] {1};
  }
}
