package io.larder.simulation;

import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.Transaction;
import io.larder.simulation.History.Append;
import io.larder.simulation.History.Outcome;
import io.larder.simulation.History.Read;
import io.larder.simulation.History.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that append to lists, read them and walk ranges of them in transactions, while memtables are flushed and
 * tables merged behind them. Used by one thread, which starts the others.
 *
 * <p>A few keys are in use at a time, so that transactions meet; a key whose list has grown long is left for a new one.
 * A walk reads every key of its range, absent ones as empty lists, so a phantom is an anti-dependency on a key that was
 * absent.
 */
final class ListAppendWorkload {
  private static final int KEYS_IN_USE = 12;
  private static final int APPENDS_PER_KEY = 24;

  private final Database database;
  private final Keyspace lists;
  private final IsolationLevel level;
  private final long seed;
  private final int threads;
  private final int transactions;
  private final AtomicLong appends = new AtomicLong();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicBoolean done = new AtomicBoolean();
  private long conflicts;

  ListAppendWorkload(
      Database database, IsolationLevel level, long seed, int threads, int transactions) {
    this.database = database;
    this.lists = database.openKeyspace("lists");
    this.level = level;
    this.seed = seed;
    this.threads = threads;
    this.transactions = transactions;
  }

  /** Runs all transactions and returns what they saw. */
  History run() throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      List<Future<History>> histories = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        histories.add(pool.submit(new Client(new Random(seed * 1_000 + thread))));
      }
      Future<?> upkeep = pool.submit(this::keepUp);
      History whole = new History();
      for (Future<History> history : histories) {
        whole.addAll(history.get(5, TimeUnit.MINUTES));
      }
      done.set(true);
      upkeep.get(1, TimeUnit.MINUTES);
      conflicts = whole.transactions().stream().filter(each -> !each.committed()).count();
      return whole;
    } finally {
      done.set(true);
      pool.shutdownNow();
    }
  }

  /** Returns how many transactions did not commit. */
  long aborted() {
    return conflicts;
  }

  /** Returns all lists there are. */
  Map<Long, List<Long>> lastRead() {
    Map<Long, List<Long>> all = new HashMap<>();
    try (Snapshot snapshot = database.snapshot();
        Cursor cursor = snapshot.cursor(lists, KeyRange.all())) {
      while (cursor.next()) {
        all.put(ByteBuffer.wrap(cursor.key()).getLong(), decode(cursor.value()));
      }
    }
    return all;
  }

  private void keepUp() {
    for (int round = 0; !done.get(); round++) {
      database.flush();
      if (round % 3 == 0) {
        database.compact();
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  private static byte[] key(long key) {
    return ByteBuffer.allocate(Long.BYTES).putLong(key).array();
  }

  private static List<Long> decode(byte[] value) {
    List<Long> list = new ArrayList<>();
    if (value != null) {
      for (int index = 0; index < value.length; index += Long.BYTES) {
        list.add(ByteBuffer.wrap(value).getLong(index));
      }
    }
    return list;
  }

  private static byte[] appended(byte[] value, long number) {
    int length = value == null ? 0 : value.length;
    ByteBuffer longer = ByteBuffer.allocate(length + Long.BYTES);
    if (value != null) {
      longer.put(value);
    }
    return longer.putLong(number).array();
  }

  /** Returns a list as a transaction sees it. */
  static List<Long> list(Transaction transaction, Keyspace lists, long key) {
    return decode(transaction.get(lists, key(key)));
  }

  /** Appends to a list. */
  static void append(Transaction transaction, Keyspace lists, long key, long number) {
    transaction.put(lists, key(key), appended(transaction.get(lists, key(key)), number));
  }

  /** One thread. */
  private final class Client implements Callable<History> {
    private final Random random;
    private final History history = new History();

    Client(Random random) {
      this.random = random;
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // without the yield transactions rarely meet
    public History call() {
      for (int count = transactions / threads; count > 0; count--) {
        List<Step> steps = new ArrayList<>();
        boolean committed = false;
        try (Transaction transaction = database.begin(level)) {
          for (int step = 1 + random.nextInt(4); step > 0; step--) {
            step(transaction, steps);
            if (random.nextInt(3) == 0) {
              Thread.yield();
            }
          }
          if (random.nextInt(16) != 0) {
            transaction.commit();
            committed = true;
          }
        } catch (ConflictException e) {
          committed = false;
        }
        history.add(committed ? Outcome.COMMITTED : Outcome.ABORTED, steps);
      }
      return history;
    }

    private long firstKeyInUse() {
      return appends.get() / APPENDS_PER_KEY;
    }

    private long anyKey() {
      return firstKeyInUse() + random.nextInt(KEYS_IN_USE);
    }

    private void step(Transaction transaction, List<Step> steps) {
      switch (random.nextInt(8)) {
        case 0 -> walk(transaction, steps);
        case 1, 2, 3 -> {
          long key = anyKey();
          steps.add(new Read(key, list(transaction, lists, key)));
        }
        default -> append(transaction, steps);
      }
    }

    private void append(Transaction transaction, List<Step> steps) {
      long key = anyKey();
      long number = numbers.incrementAndGet();
      appends.incrementAndGet();
      ListAppendWorkload.append(transaction, lists, key, number);
      steps.add(new Append(key, number));
    }

    /** Reads a range; sometimes only its beginning, which says nothing of the rest. */
    private void walk(Transaction transaction, List<Step> steps) {
      long from = anyKey();
      long to = from + 1 + random.nextInt(KEYS_IN_USE);
      boolean descending = random.nextBoolean();
      int most = random.nextInt(4) == 0 ? 2 : Integer.MAX_VALUE;
      KeyRange range = KeyRange.between(key(from), key(to));
      TreeMap<Long, List<Long>> found = new TreeMap<>();
      boolean ended = false;
      try (Cursor cursor =
          descending
              ? transaction.cursorDescending(lists, range)
              : transaction.cursor(lists, range)) {
        while (!ended && found.size() < most) {
          ended = !cursor.next();
          if (!ended) {
            found.put(ByteBuffer.wrap(cursor.key()).getLong(), decode(cursor.value()));
          }
        }
      }
      long seenFrom = ended || !descending ? from : found.firstKey();
      long seenTo = ended || descending ? to : found.lastKey() + 1;
      for (long key = seenFrom; key < seenTo; key++) {
        steps.add(new Read(key, found.getOrDefault(key, List.of())));
      }
    }
  }
}
