package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB's B-link tree on a memory-mapped file, with and without its write-ahead log. */
final class MapDbContestant implements EngineContestant {

  private static final int NODE_ENTRIES_MAX = 16;
  private static final int INLINE_VALUE_BYTES_MAX = 512;

  @Override
  public Contestant describe() {
    return new Contestant(
        "mapdb",
        Contestant.Role.PEER,
        "MapDB 3 treeMap of byte arrays, nodes of 16, mapped file, no pre-clear, values above 512 B outside"
            + " nodes; no sync: no transactions, no log (a killed process may leave a broken file,"
            + " batches are loops); synced: transactionEnable (write-ahead log), puts grouped by"
            + " leader and followers, then commit()");
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.STORE, Ability.ORDER, Ability.SYNC);
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape) {
    boolean synced = durability == Durability.SYNC_EACH_COMMIT;
    DBMaker.Maker maker =
        DBMaker.fileDB(directory.resolve("store.mapdb").toFile())
            .fileMmapEnable()
            .fileMmapPreclearDisable()
            .checksumHeaderBypass();
    if (synced) {
      maker = maker.transactionEnable();
    }
    return new Store(maker.make(), synced, shape.valueBytes() > INLINE_VALUE_BYTES_MAX);
  }

  private static final class Store implements OpenEngine {

    private final DB database;
    private final BTreeMap<byte[], byte[]> map;
    private final boolean synced;
    private final GroupCommit group;

    Store(DB database, boolean synced, boolean valuesOutsideNodes) {
      this.database = database;
      this.synced = synced;
      DB.TreeMapMaker<byte[], byte[]> maker =
          database
              .treeMap("entries", Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY)
              .maxNodeSize(NODE_ENTRIES_MAX);
      map = (valuesOutsideNodes ? maker.valuesOutsideNodesEnable() : maker).createOrOpen();
      group = new GroupCommit(database::commit);
    }

    @Override
    public void put(byte[] key, byte[] value) throws Exception {
      map.put(key, value);
      commit();
    }

    @Override
    public void write(byte[][] keys, byte[][] values) throws Exception {
      for (int place = 0; place < keys.length; place++) {
        map.put(keys[place], values[place]);
      }
      commit();
    }

    @Override
    public void delete(byte[] key) throws Exception {
      map.remove(key);
      commit();
    }

    @Override
    public void deleteAll(byte[][] keys) throws Exception {
      for (byte[] key : keys) {
        map.remove(key);
      }
      commit();
    }

    private void commit() throws Exception {
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
      database.getStore().compact();
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private record Reader(BTreeMap<byte[], byte[]> map) implements EngineReader {

    @Override
    public byte @Nullable [] get(byte[] key) {
      return map.get(key);
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      Iterator<Map.Entry<byte[], byte[]>> entries = map.entryIterator(from, true, null, false);
      while (sum.entries() < limit && entries.hasNext()) {
        Map.Entry<byte[], byte[]> entry = entries.next();
        byte[] value = entry.getValue();
        sum.add(Records.head(entry.getKey()), Records.head(value), value.length);
      }
    }

    @Override
    public void close() {}
  }
}
