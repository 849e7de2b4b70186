package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import java.util.Arrays;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.EnvironmentImpl;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/** JetBrains Xodus, its environments layer: a log of copy-on-write trees. */
final class XodusContestant implements EngineContestant {

  private static final long CACHE_BYTES = 512L << 20;
  private static final long LOG_FILE_KIBIBYTES = 64L << 10;

  @Override
  public Contestant describe() {
    return new Contestant(
        "xodus",
        Contestant.Role.PEER,
        "Xodus environments, store without duplicates with prefixing (a Patricia trie), 512 MB log cache, 64 MB log files,"
            + " an exclusive transaction a commit, a read-only transaction a get; no sync: log"
            + " written without sync; synced: grouped by leader and followers, then flushAndSync()");
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape) {
    EnvironmentConfig settings =
        new EnvironmentConfig()
            .setMemoryUsage(CACHE_BYTES)
            .setLogFileSize(LOG_FILE_KIBIBYTES)
            .setLogDurableWrite(false)
            .setEnvGatherStatistics(false)
            .setGcStartIn(0)
            .setGcFilesDeletionDelay(0);
    EnvironmentImpl environment =
        (EnvironmentImpl) Environments.newInstance(directory.toFile(), settings);
    Store entries =
        environment.computeInTransaction(
            transaction ->
                environment.openStore(
                    "entries", StoreConfig.WITHOUT_DUPLICATES_WITH_PREFIXING, transaction));
    return new OpenXodus(environment, entries, durability == Durability.SYNC_EACH_COMMIT);
  }

  private static final class OpenXodus implements OpenEngine {

    private final EnvironmentImpl environment;
    private final Store entries;
    private final boolean synced;
    private final GroupCommit group;

    OpenXodus(EnvironmentImpl environment, Store entries, boolean synced) {
      this.environment = environment;
      this.entries = entries;
      this.synced = synced;
      this.group = new GroupCommit(environment::flushAndSync);
    }

    @Override
    public void put(byte[] key, byte[] value) throws Exception {
      environment.executeInExclusiveTransaction(
          transaction ->
              entries.put(transaction, new ArrayByteIterable(key), new ArrayByteIterable(value)));
      sync();
    }

    @Override
    public void write(byte[][] keys, byte[][] values) throws Exception {
      environment.executeInExclusiveTransaction(
          transaction -> {
            for (int place = 0; place < keys.length; place++) {
              entries.put(
                  transaction,
                  new ArrayByteIterable(keys[place]),
                  new ArrayByteIterable(values[place]));
            }
          });
      sync();
    }

    @Override
    public void delete(byte[] key) throws Exception {
      environment.executeInExclusiveTransaction(
          transaction -> entries.delete(transaction, new ArrayByteIterable(key)));
      sync();
    }

    @Override
    public void deleteAll(byte[][] keys) throws Exception {
      environment.executeInExclusiveTransaction(
          transaction -> {
            for (byte[] key : keys) {
              entries.delete(transaction, new ArrayByteIterable(key));
            }
          });
      sync();
    }

    private void sync() throws Exception {
      if (synced) {
        group.commit();
      }
    }

    @Override
    public EngineReader reader() {
      return new Reader(environment, entries);
    }

    @Override
    public void settle() {
      environment.getGC().cleanEntireLog();
    }

    @Override
    public void close() {
      environment.close();
    }
  }

  private record Reader(EnvironmentImpl environment, Store entries) implements EngineReader {

    @Override
    public byte @Nullable [] get(byte[] key) {
      Transaction transaction = environment.beginReadonlyTransaction();
      try {
        return copy(entries.get(transaction, new ArrayByteIterable(key)));
      } finally {
        transaction.abort();
      }
    }

    @Override
    public void getAll(byte[][] keys, byte[] @Nullable [] values) {
      Transaction transaction = environment.beginReadonlyTransaction();
      try {
        for (int place = 0; place < keys.length; place++) {
          values[place] = copy(entries.get(transaction, new ArrayByteIterable(keys[place])));
        }
      } finally {
        transaction.abort();
      }
    }

    @Override
    public boolean view(byte[] key, ValueView view) {
      Transaction transaction = environment.beginReadonlyTransaction();
      try {
        ByteIterable value = entries.get(transaction, new ArrayByteIterable(key));
        if (value == null) {
          return false;
        }
        view.see(value.getBytesUnsafe(), value.getLength());
        return true;
      } finally {
        transaction.abort();
      }
    }

    private static byte @Nullable [] copy(@Nullable ByteIterable value) {
      return value == null ? null : Arrays.copyOf(value.getBytesUnsafe(), value.getLength());
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      Transaction transaction = environment.beginReadonlyTransaction();
      try (Cursor cursor = entries.openCursor(transaction)) {
        boolean found =
            from == null
                ? cursor.getNext()
                : cursor.getSearchKeyRange(new ArrayByteIterable(from)) != null;
        while (found && sum.entries() < limit) {
          ByteIterable value = cursor.getValue();
          sum.add(
              Records.head(cursor.getKey().getBytesUnsafe()),
              Records.head(value.getBytesUnsafe()),
              value.getLength());
          found = cursor.getNext();
        }
      } finally {
        transaction.abort();
      }
    }

    @Override
    public void close() {}
  }
}
