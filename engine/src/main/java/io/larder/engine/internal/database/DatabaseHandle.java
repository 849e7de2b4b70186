package io.larder.engine.internal.database;

import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.DatabaseStatistics;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.NoSuchKeyspaceException;
import io.larder.engine.api.OpeningReport;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.VerifyReport;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.backup.BackupWriter;
import io.larder.engine.internal.integrity.Verifier;
import io.larder.engine.internal.mvcc.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A handle of one opener on a shared open database. Thread-safe. */
final class DatabaseHandle implements Database {
  private final EmbeddedDatabase database;
  private final HandleGroup group;
  private final LatestReader latest;
  private final AtomicBoolean closed = new AtomicBoolean();

  DatabaseHandle(EmbeddedDatabase database, HandleGroup group) {
    this.database = database;
    this.group = group;
    this.latest = new LatestReader(this, database);
  }

  void requireOpen() {
    if (closed.get()) {
      throw new ClosedException("The database " + database.location() + " is closed");
    }
  }

  private Keyspace keyspace(KeyspaceState state) {
    return new StoredKeyspace(this, database, state);
  }

  @Override
  public DatabaseOptions options() {
    return database.options();
  }

  @Override
  public OpeningReport opening() {
    return database.opening();
  }

  @Override
  public DatabaseLocation location() {
    return database.location();
  }

  @Override
  public Optional<Keyspace> findKeyspace(String name) {
    requireOpen();
    return Optional.ofNullable(database.catalog().find(name)).map(this::keyspace);
  }

  @Override
  public Keyspace keyspace(String name) {
    requireOpen();
    KeyspaceState state = database.catalog().find(name);
    if (state == null) {
      throw new NoSuchKeyspaceException(
          "There is no keyspace '" + name + "' in the database " + database.location());
    }
    return keyspace(state);
  }

  @Override
  public Keyspace createKeyspace(String name) {
    requireOpen();
    return keyspace(database.catalog().create(name, false));
  }

  @Override
  public Keyspace openKeyspace(String name) {
    requireOpen();
    return keyspace(database.catalog().create(name, true));
  }

  @Override
  public void dropKeyspace(String name) {
    requireOpen();
    database.catalog().drop(name);
  }

  @Override
  public void clearKeyspace(String name) {
    requireOpen();
    database.catalog().clear(name);
  }

  @Override
  public void renameKeyspace(String name, String newName) {
    requireOpen();
    database.catalog().rename(name, newName);
  }

  @Override
  public List<String> keyspaceNames() {
    requireOpen();
    return database.catalog().current().names();
  }

  @Override
  public Reader latest() {
    requireOpen();
    return latest;
  }

  @Override
  public void write(WriteBatch batch) {
    write(batch, database.options().syncMode());
  }

  @Override
  public void write(WriteBatch batch, SyncMode sync) {
    requireOpen();
    database.write(batch.changes(), Objects.requireNonNull(sync, "sync"), null);
  }

  @Override
  public Snapshot snapshot() {
    requireOpen();
    return new StoredSnapshot(this, database);
  }

  @Override
  public Transaction begin() {
    return begin(IsolationLevel.SNAPSHOT);
  }

  @Override
  public Transaction begin(IsolationLevel isolation) {
    requireOpen();
    return switch (isolation) {
      case SNAPSHOT -> new OptimisticTransaction(this, database, null);
      case SERIALIZABLE -> new OptimisticTransaction(this, database, new ReadSet(database));
    };
  }

  @Override
  public ChangeStamps changeStamps(int stripesMin) {
    requireOpen();
    return database.changeStamps(stripesMin);
  }

  @Override
  public void sync() {
    requireOpen();
    database.engine().commits().sync();
  }

  @Override
  public void flush() {
    requireOpen();
    database.engine().flush();
  }

  @Override
  public long archiveLog() {
    requireOpen();
    return database.engine().archiveLog();
  }

  @Override
  public void compact(ProgressListener progress) {
    requireOpen();
    database.engine().compact(progress);
  }

  @Override
  public DatabaseStatistics statistics() {
    requireOpen();
    return database.statistics();
  }

  @Override
  public BackupInfo backup(Path directory, BackupOptions options, ProgressListener progress) {
    requireOpen();
    try (Checkpoint checkpoint = database.engine().checkpoint()) {
      return BackupWriter.write(checkpoint, directory, options, progress);
    }
  }

  @Override
  public VerifyReport verify(boolean full, ProgressListener progress) {
    requireOpen();
    try (Checkpoint checkpoint = database.engine().checkpointForReading()) {
      return Verifier.online(checkpoint, full, progress);
    }
  }

  @Override
  public DiskUsage diskUsage() {
    requireOpen();
    return database.diskUsage();
  }

  @Override
  public long expiryTimeMillis() {
    return database.clock().millis();
  }

  @Override
  public Database another() {
    requireOpen();
    return group.another();
  }

  @Override
  public @Nullable Preparation beforeSharing(Runnable preparation) {
    requireOpen();
    return database.sharing().before(preparation);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      group.release();
    }
  }

  @Override
  public String toString() {
    return "Database " + database.location();
  }
}
