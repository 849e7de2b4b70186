package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.KeyspaceObserver;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever observes a keyspace hears of every change, whatever handle and door it came through. */
class KeyspaceObserverTest {
  private final Database database = open();
  private final Database other = open();
  private final Keyspace keyspace = database.createKeyspace("k");
  private final Recorder recorder = new Recorder();

  private static Database open() {
    return Databases.open(
        new DatabaseLocation.InMemory("keyspace-observer-test"), DatabaseOptions.defaults());
  }

  /** Notes what it hears. */
  private static final class Recorder implements KeyspaceObserver {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void written(byte[] key, byte[] value, long expiresAtMillis) {
      heard.add(text(key) + "=" + text(value) + "@" + expiresAtMillis);
    }

    @Override
    public void deleted(byte[] key) {
      heard.add("-" + text(key));
    }

    @Override
    public void cleared() {
      heard.add("cleared");
    }
  }

  @AfterEach
  void close() {
    other.close();
    database.close();
  }

  @Test
  void changes_ofEveryDoor_areTold() {
    Keyspace.Observation observation = keyspace.observe(recorder);
    Keyspace unobserved = database.createKeyspace("unobserved");

    keyspace.put(bytes("a"), bytes("1"));
    other.keyspace("k").put(bytes("b"), bytes("2"), Long.MAX_VALUE);
    other.write(
        new WriteBatch()
            .put(other.keyspace("k"), bytes("c"), bytes("3"))
            .put(unobserved, bytes("x"), bytes("9"))
            .delete(keyspace, bytes("a")));
    try (Transaction transaction = other.begin()) {
      transaction.put(other.keyspace("k"), bytes("d"), bytes("4"));
      transaction.commit();
    }
    try (Transaction transaction = other.begin()) {
      transaction.put(other.keyspace("k"), bytes("never"), bytes("5"));
    }
    database.clearKeyspace("k");
    observation.close();
    observation.close();
    keyspace.put(bytes("e"), bytes("5"));

    assertThat(recorder.heard)
        .containsExactly("a=1@0", "b=2@" + Long.MAX_VALUE, "c=3@0", "-a", "d=4@0", "cleared");
  }

  @Test
  void failingObserver_changesNothing() {
    keyspace.observe(
        new KeyspaceObserver() {
          @Override
          public void written(byte[] key, byte[] value, long expiresAtMillis) {
            throw new IllegalStateException("from the observer");
          }

          @Override
          public void deleted(byte[] key) {}

          @Override
          public void cleared() {}
        });
    keyspace.observe(recorder);

    keyspace.put(bytes("a"), bytes("1"));

    assertThat(keyspace.get(bytes("a"))).isEqualTo(bytes("1"));
    assertThat(recorder.heard).containsExactly("a=1@0");
  }

  @Test
  void tryLock_doesNotWait() throws InterruptedException {
    try (Keyspace.KeyLock held = keyspace.lock(bytes("a"))) {
      assertThat(held).isNotNull();
      Thread asking =
          new Thread(() -> recorder.heard.add(String.valueOf(keyspace.tryLock(bytes("a")))));
      asking.start();
      asking.join();
      assertThat(recorder.heard).containsExactly("null");
      Keyspace.KeyLock again = keyspace.tryLock(bytes("a"));
      assertThat(again).isNotNull();
      again.close();
    }
    Keyspace.KeyLock free = other.keyspace("k").tryLock(bytes("a"));
    assertThat(free).isNotNull();
    free.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
