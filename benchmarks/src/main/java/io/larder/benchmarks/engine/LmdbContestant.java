package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/** LMDB through lmdbjava. */
final class LmdbContestant implements EngineContestant {

  private static final int READERS_MAX = 512;

  @Override
  public Contestant describe() {
    return new Contestant(
        "lmdb",
        Contestant.Role.PEER,
        "LMDB (lmdbjava, direct ByteBuffers through Unsafe), MDB_NOTLS, a write transaction a"
            + " commit, reset and renewed read transaction a get; no sync: MDB_NOSYNC and MDB_WRITEMAP (survives a"
            + " killed process, not power loss); synced: default");
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape) {
    List<EnvFlags> flags = new ArrayList<>(List.of(EnvFlags.MDB_NOTLS));
    if (durability == Durability.NO_SYNC) {
      flags.add(EnvFlags.MDB_NOSYNC);
      flags.add(EnvFlags.MDB_WRITEMAP);
    }
    Env<ByteBuffer> environment =
        Env.create()
            .setMapSize((4L << 30) + 8 * shape.bytes())
            .setMaxDbs(1)
            .setMaxReaders(READERS_MAX)
            .open(directory.toFile(), flags.toArray(new EnvFlags[0]));
    return new Store(environment, environment.openDbi("entries", DbiFlags.MDB_CREATE));
  }

  private record Store(Env<ByteBuffer> environment, Dbi<ByteBuffer> entries) implements OpenEngine {

    private static final ThreadLocal<ByteBuffer> KEYS =
        ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(Records.KEY_BYTES));
    private static final ThreadLocal<ByteBuffer> VALUES =
        ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(1 << 20));

    @Override
    public void put(byte[] key, byte[] value) {
      try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
        put(transaction, key, value);
        transaction.commit();
      }
    }

    @Override
    public void write(byte[][] keys, byte[][] values) {
      try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
        for (int place = 0; place < keys.length; place++) {
          put(transaction, keys[place], values[place]);
        }
        transaction.commit();
      }
    }

    private void put(Txn<ByteBuffer> transaction, byte[] key, byte[] value) {
      ByteBuffer keyBuffer = KEYS.get();
      ByteBuffer valueBuffer = VALUES.get();
      keyBuffer.clear().put(key).flip();
      valueBuffer.clear().put(value).flip();
      entries.put(transaction, keyBuffer, valueBuffer);
    }

    @Override
    public void delete(byte[] key) {
      try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
        entries.delete(transaction, KEYS.get().clear().put(key).flip());
        transaction.commit();
      }
    }

    @Override
    public void deleteAll(byte[][] keys) {
      try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
        for (byte[] key : keys) {
          entries.delete(transaction, KEYS.get().clear().put(key).flip());
        }
        transaction.commit();
      }
    }

    @Override
    public EngineReader reader() {
      return new Reader(entries, environment.txnRead());
    }

    @Override
    public void settle() {
      environment.sync(true);
    }

    @Override
    public void close() {
      environment.close();
    }
  }

  private static final class Reader implements EngineReader {

    private final Dbi<ByteBuffer> entries;
    private final Txn<ByteBuffer> transaction;
    private final ByteBuffer keyBuffer = ByteBuffer.allocateDirect(Records.KEY_BYTES);

    Reader(Dbi<ByteBuffer> entries, Txn<ByteBuffer> transaction) {
      this.entries = entries;
      this.transaction = transaction;
      transaction.reset();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      transaction.renew();
      try {
        keyBuffer.clear().put(key).flip();
        ByteBuffer found = entries.get(transaction, keyBuffer);
        if (found == null) {
          return null;
        }
        byte[] value = new byte[found.remaining()];
        found.get(value);
        return value;
      } finally {
        transaction.reset();
      }
    }

    @Override
    public void getAll(byte[][] keys, byte[] @Nullable [] values) {
      transaction.renew();
      try {
        for (int place = 0; place < keys.length; place++) {
          keyBuffer.clear().put(keys[place]).flip();
          ByteBuffer found = entries.get(transaction, keyBuffer);
          byte[] value = found == null ? null : new byte[found.remaining()];
          if (value != null) {
            found.get(value);
          }
          values[place] = value;
        }
      } finally {
        transaction.reset();
      }
    }

    @Override
    public boolean view(byte[] key, ValueView view) {
      transaction.renew();
      try {
        keyBuffer.clear().put(key).flip();
        ByteBuffer found = entries.get(transaction, keyBuffer);
        if (found == null) {
          return false;
        }
        int length = found.remaining();
        view.see(found.getLong(0), found.getLong(length - Long.BYTES), length);
        return true;
      } finally {
        transaction.reset();
      }
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      transaction.renew();
      try (Cursor<ByteBuffer> cursor = entries.openCursor(transaction)) {
        boolean found;
        if (from == null) {
          found = cursor.seek(SeekOp.MDB_FIRST);
        } else {
          keyBuffer.clear().put(from).flip();
          found = cursor.get(keyBuffer, GetOp.MDB_SET_RANGE);
        }
        while (found && sum.entries() < limit) {
          ByteBuffer key = cursor.key();
          ByteBuffer value = cursor.val();
          sum.add(key.getLong(0), value.getLong(0), value.remaining());
          found = cursor.seek(SeekOp.MDB_NEXT);
        }
      } finally {
        transaction.reset();
      }
    }

    @Override
    public void close() {
      transaction.close();
    }
  }
}
