package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/**
 * H2's storage engine, used without SQL.
 *
 * @param inMemory whether it has no file
 */
record MvStoreContestant(boolean inMemory) implements EngineContestant {

  private static final int CACHE_MEBIBYTES = 512;

  @Override
  public Contestant describe() {
    if (inMemory) {
      return new Contestant(
          "h2-mvstore",
          Contestant.Role.PEER,
          "H2 MVStore without a file: ordered, versioned; get returns the stored array");
    }
    return new Contestant(
        "h2-mvstore",
        Contestant.Role.PEER,
        "H2 MVStore, 512 MB cache, no compression; no sync: commits in the background every second"
            + " (default); synced: puts grouped by leader and followers, then commit() + sync();"
            + " get hands out the cached array without a copy");
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape) {
    if (inMemory) {
      return new Store(new MVStore.Builder().open(), false);
    }
    MVStore.Builder builder =
        new MVStore.Builder()
            .fileName(directory.resolve("store.mv").toString())
            .cacheSize(CACHE_MEBIBYTES);
    boolean synced = durability == Durability.SYNC_EACH_COMMIT;
    if (synced) {
      builder.autoCommitDisabled();
    }
    return new Store(builder.open(), synced);
  }

  private static final class Store implements OpenEngine {

    private final MVStore store;
    private final MVMap<byte[], byte[]> map;
    private final boolean synced;
    private final GroupCommit group;

    Store(MVStore store, boolean synced) {
      this.store = store;
      this.synced = synced;
      this.map =
          store.openMap(
              "entries",
              new MVMap.Builder<byte[], byte[]>()
                  .keyType(ByteArrayDataType.INSTANCE)
                  .valueType(ByteArrayDataType.INSTANCE));
      this.group =
          new GroupCommit(
              () -> {
                store.commit();
                store.sync();
              });
    }

    @Override
    public void put(byte[] key, byte[] value) throws Exception {
      map.put(key, value);
      if (synced) {
        group.commit();
      }
    }

    @Override
    public void write(byte[][] keys, byte[][] values) throws Exception {
      for (int place = 0; place < keys.length; place++) {
        map.put(keys[place], values[place]);
      }
      if (synced) {
        group.commit();
      }
    }

    @Override
    public void delete(byte[] key) throws Exception {
      map.remove(key);
      if (synced) {
        group.commit();
      }
    }

    @Override
    public void deleteAll(byte[][] keys) throws Exception {
      for (byte[] key : keys) {
        map.remove(key);
      }
      if (synced) {
        group.commit();
      }
    }

    @Override
    public EngineReader reader() {
      return new Reader(map);
    }

    @Override
    public void settle() {
      store.commit();
      store.compactFile(10_000);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private record Reader(MVMap<byte[], byte[]> map) implements EngineReader {

    @Override
    public byte @Nullable [] get(byte[] key) {
      return map.get(key);
    }

    @Override
    public boolean view(byte[] key, ValueView view) {
      byte[] value = map.get(key);
      if (value == null) {
        return false;
      }
      view.see(value, value.length);
      return true;
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      Cursor<byte[], byte[]> cursor = map.cursor(from);
      while (cursor.hasNext() && sum.entries() < limit) {
        byte[] key = cursor.next();
        byte[] value = cursor.getValue();
        sum.add(Records.head(key), Records.head(value), value.length);
      }
    }

    @Override
    public void close() {}
  }
}
