package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers, cursors and snapshots while tables are written, merged, unmapped and deleted behind them. The sum of all
 * accounts is always the same, since writers only move amounts in batches.
 */
final class ConcurrentMergeTest {
  private static final int ACCOUNTS = 500;
  private static final long AMOUNT = 1_000;
  private static final int ROUNDS = Integer.getInteger("larder.merge.rounds", 25);

  @TempDir Path temporary;
  private final AtomicBoolean done = new AtomicBoolean();

  private static byte[] key(int account) {
    return ByteBuffer.allocate(4).putInt(account).array();
  }

  private static byte[] value(long amount) {
    return ByteBuffer.allocate(200).putLong(amount).array();
  }

  private static long amount(byte[] value) {
    assertThat(value).hasSize(200);
    return ByteBuffer.wrap(value).getLong();
  }

  @Test
  @Timeout(180)
  void readers_seeOneMomentWhileTablesComeAndGo() throws Exception {
    String uri = "larder:" + temporary.resolve("accounts") + "?sync=none&memtable.size=128KB";
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Database database = Databases.open(LarderUri.parse(uri))) {
      Keyspace accounts = database.createKeyspace("accounts");
      WriteBatch batch = new WriteBatch();
      for (int account = 0; account < ACCOUNTS; account++) {
        batch.put(accounts, key(account), value(AMOUNT));
      }
      database.write(batch);
      List<Future<Long>> workers = new ArrayList<>();
      workers.add(threads.submit(whileRunning(() -> move(database, accounts))));
      workers.add(threads.submit(whileRunning(() -> scan(accounts))));
      workers.add(threads.submit(whileRunning(() -> scanSnapshot(database, accounts))));
      workers.add(threads.submit(whileRunning(() -> get(accounts))));
      workers.add(threads.submit(whileRunning(() -> get(accounts))));
      for (int round = 0; round < ROUNDS; round++) {
        database.flush();
        if (round % 2 == 0) {
          database.compact();
        }
      }
      done.set(true);
      for (Future<Long> worker : workers) {
        assertThat(worker.get(60, TimeUnit.SECONDS)).isPositive();
      }
      assertThat(database.statistics().get("merges")).isPositive();
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
    try (Database again = Databases.open(LarderUri.parse(uri))) {
      scan(again.keyspace("accounts"));
    }
  }

  private Callable<Long> whileRunning(Runnable step) {
    return () -> {
      long steps = 0;
      while (!done.get()) {
        step.run();
        steps++;
      }
      return steps;
    };
  }

  private final Random random = new Random(7);

  private void move(Database database, Keyspace accounts) {
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    long moved = random.nextInt(100);
    database.write(
        new WriteBatch()
            .put(accounts, key(from), value(amount(accounts.get(key(from))) - moved))
            .put(accounts, key(to), value(amount(accounts.get(key(to))) + moved)));
  }

  private static void scan(Keyspace accounts) {
    try (Cursor cursor = accounts.cursor(KeyRange.all())) {
      requireWhole(cursor);
    }
    try (Cursor cursor = accounts.cursorDescending(KeyRange.all())) {
      requireWhole(cursor);
    }
  }

  private static void scanSnapshot(Database database, Keyspace accounts) {
    try (Snapshot snapshot = database.snapshot()) {
      for (int repeat = 0; repeat < 3; repeat++) {
        try (Cursor cursor = snapshot.cursor(accounts, KeyRange.all())) {
          requireWhole(cursor);
        }
      }
      long sum = 0;
      for (int account = 0; account < ACCOUNTS; account++) {
        sum += amount(snapshot.get(accounts, key(account)));
      }
      assertThat(sum).isEqualTo(ACCOUNTS * AMOUNT);
    }
  }

  private static void requireWhole(Cursor cursor) {
    long sum = 0;
    int count = 0;
    while (cursor.next()) {
      sum += amount(cursor.value());
      count++;
    }
    assertThat(count).isEqualTo(ACCOUNTS);
    assertThat(sum).isEqualTo(ACCOUNTS * AMOUNT);
  }

  private static void get(Keyspace accounts) {
    for (int account = 0; account < ACCOUNTS; account++) {
      assertThat(accounts.get(key(account))).isNotNull();
    }
  }
}
