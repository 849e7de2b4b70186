package io.larder.benchmarks.engine;

import com.sleepycat.je.CheckpointConfig;
import com.sleepycat.je.Cursor;
import com.sleepycat.je.CursorConfig;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseConfig;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.Durability.ReplicaAckPolicy;
import com.sleepycat.je.Durability.SyncPolicy;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import com.sleepycat.je.Get;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;
import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Berkeley DB Java Edition: a log-structured B-tree in pure Java. */
final class BerkeleyDbContestant implements EngineContestant {

  private static final long CACHE_BYTES = 512L << 20;

  @Override
  public Contestant describe() {
    return new Contestant(
        "bdb-je",
        Contestant.Role.PEER,
        "Berkeley DB JE, transactional, 512 MB cache, 100 MB log files, 16 MB log buffers, no"
            + " limit on free disk, cleaned and checkpointed before reads; no sync: COMMIT_NO_SYNC"
            + " (a killed process loses what is in the log buffers); synced: COMMIT_SYNC");
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.STORE, Ability.ORDER, Ability.SYNC);
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape) {
    boolean synced = durability == Durability.SYNC_EACH_COMMIT;
    EnvironmentConfig settings = new EnvironmentConfig();
    settings.setAllowCreate(true);
    settings.setTransactional(true);
    settings.setCacheSize(CACHE_BYTES);
    settings.setDurability(
        new com.sleepycat.je.Durability(
            synced ? SyncPolicy.SYNC : SyncPolicy.NO_SYNC,
            SyncPolicy.NO_SYNC,
            ReplicaAckPolicy.NONE));
    settings.setConfigParam(EnvironmentConfig.LOG_FILE_MAX, "104857600");
    settings.setConfigParam(EnvironmentConfig.LOG_TOTAL_BUFFER_BYTES, "16777216");
    settings.setConfigParam(EnvironmentConfig.FREE_DISK, "0");
    Environment environment = new Environment(directory.toFile(), settings);
    Database entries =
        environment.openDatabase(
            null,
            "entries",
            new DatabaseConfig().setAllowCreate(true).setTransactional(true).setKeyPrefixing(true));
    return new Store(environment, entries);
  }

  private record Store(Environment environment, Database entries) implements OpenEngine {

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(null, new DatabaseEntry(key), new DatabaseEntry(value));
    }

    @Override
    public void write(byte[][] keys, byte[][] values) {
      Transaction transaction = environment.beginTransaction(null, null);
      for (int place = 0; place < keys.length; place++) {
        entries.put(transaction, new DatabaseEntry(keys[place]), new DatabaseEntry(values[place]));
      }
      transaction.commit();
    }

    @Override
    public void delete(byte[] key) {
      entries.delete(null, new DatabaseEntry(key));
    }

    @Override
    public void deleteAll(byte[][] keys) {
      Transaction transaction = environment.beginTransaction(null, null);
      for (byte[] key : keys) {
        entries.delete(transaction, new DatabaseEntry(key));
      }
      transaction.commit();
    }

    @Override
    public EngineReader reader() {
      return new Reader(entries);
    }

    @Override
    public void settle() {
      CheckpointConfig force = new CheckpointConfig().setForce(true);
      environment.checkpoint(force);
      while (environment.cleanLog() > 0) {
        environment.checkpoint(force);
      }
    }

    @Override
    public void close() {
      entries.close();
      environment.close();
    }
  }

  private record Reader(Database entries) implements EngineReader {

    @Override
    public byte @Nullable [] get(byte[] key) {
      DatabaseEntry value = new DatabaseEntry();
      OperationStatus status = entries.get(null, new DatabaseEntry(key), value, LockMode.DEFAULT);
      return status == OperationStatus.SUCCESS ? value.getData() : null;
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      DatabaseEntry key = from == null ? new DatabaseEntry() : new DatabaseEntry(from.clone());
      DatabaseEntry value = new DatabaseEntry();
      try (Cursor cursor = entries.openCursor(null, CursorConfig.READ_COMMITTED)) {
        boolean found =
            cursor.get(key, value, from == null ? Get.FIRST : Get.SEARCH_GTE, null) != null;
        while (found && sum.entries() < limit) {
          byte[] data = value.getData();
          sum.add(Records.head(key.getData()), Records.head(data), data.length);
          found = cursor.get(key, value, Get.NEXT, null) != null;
        }
      }
    }

    @Override
    public void close() {}
  }
}
