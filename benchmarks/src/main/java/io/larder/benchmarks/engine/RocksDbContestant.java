package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB through its JNI binding. */
final class RocksDbContestant implements EngineContestant {

  @Override
  public Contestant describe() {
    return new Contestant(
        "rocksdb",
        Contestant.Role.PEER,
        "RocksDB JNI, 512 MB block cache, 10-bit bloom filter, hash index in data blocks, no"
            + " compression, values from 4 KB on in blob files, 64 MB memtables, 2 background jobs, recycled logs, pipelined writes,"
            + " fully compacted before reads, views copied into the caller's direct buffer; no sync: log written without sync; synced: sync=true");
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape)
      throws RocksDBException {
    RocksDB.loadLibrary();
    return new Store(directory, durability == Durability.SYNC_EACH_COMMIT, shape);
  }

  private static final int BLOB_BYTES_MIN = 4096;

  private static final class Store implements OpenEngine {

    private final LRUCache cache = new LRUCache(512L << 20);
    private final BloomFilter filter = new BloomFilter(10, false);
    private final Options options;
    private final WriteOptions writeOptions;
    private final RocksDB database;
    private final int valueBytes;

    Store(Path directory, boolean synced, DataShape shape) throws RocksDBException {
      valueBytes = shape.valueBytes();
      BlockBasedTableConfig tables =
          new BlockBasedTableConfig()
              .setBlockCache(cache)
              .setFilterPolicy(filter)
              .setFormatVersion(5)
              .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
              .setDataBlockHashTableUtilRatio(0.75)
              .setPinL0FilterAndIndexBlocksInCache(true);
      options =
          new Options()
              .setCreateIfMissing(true)
              .setCompressionType(CompressionType.NO_COMPRESSION)
              .setWriteBufferSize(64L << 20)
              .setMaxWriteBufferNumber(3)
              .setMaxBackgroundJobs(2)
              .setEnablePipelinedWrite(true)
              .setRecycleLogFileNum(4)
              .setStatsDumpPeriodSec(0)
              .setEnableBlobFiles(shape.valueBytes() >= BLOB_BYTES_MIN)
              .setMinBlobSize(BLOB_BYTES_MIN)
              .setEnableBlobGarbageCollection(true)
              .setTableFormatConfig(tables);
      writeOptions = new WriteOptions().setSync(synced);
      database = RocksDB.open(options, directory.toString());
    }

    @Override
    public void put(byte[] key, byte[] value) throws RocksDBException {
      database.put(writeOptions, key, value);
    }

    @Override
    public void write(byte[][] keys, byte[][] values) throws RocksDBException {
      try (WriteBatch batch = new WriteBatch()) {
        for (int place = 0; place < keys.length; place++) {
          batch.put(keys[place], values[place]);
        }
        database.write(writeOptions, batch);
      }
    }

    @Override
    public void delete(byte[] key) throws RocksDBException {
      database.delete(writeOptions, key);
    }

    @Override
    public void deleteAll(byte[][] keys) throws RocksDBException {
      try (WriteBatch batch = new WriteBatch()) {
        for (byte[] key : keys) {
          batch.delete(key);
        }
        database.write(writeOptions, batch);
      }
    }

    @Override
    public EngineReader reader() {
      return new Reader(database, valueBytes);
    }

    @Override
    public void settle() throws RocksDBException {
      database.compactRange();
    }

    @Override
    public void close() {
      database.close();
      writeOptions.close();
      options.close();
      filter.close();
      cache.close();
    }
  }

  private static final class Reader implements EngineReader {

    private final RocksDB database;
    private final ReadOptions readOptions = new ReadOptions().setVerifyChecksums(true);
    private final byte[] key = new byte[Records.KEY_BYTES];
    private final ByteBuffer wantedKey = ByteBuffer.allocateDirect(Records.KEY_BYTES);
    private final ByteBuffer foundValue;

    Reader(RocksDB database, int valueBytes) {
      this.database = database;
      this.foundValue = ByteBuffer.allocateDirect(valueBytes);
    }

    @Override
    public byte @Nullable [] get(byte[] wanted) throws RocksDBException {
      return database.get(readOptions, wanted);
    }

    @Override
    public void getAll(byte[][] keys, byte[] @Nullable [] values) throws RocksDBException {
      List<byte[]> found = database.multiGetAsList(readOptions, Arrays.asList(keys));
      for (int place = 0; place < values.length; place++) {
        values[place] = found.get(place);
      }
    }

    @Override
    public boolean view(byte[] wanted, ValueView view) throws RocksDBException {
      wantedKey.clear().put(wanted).flip();
      int length = database.get(readOptions, wantedKey, foundValue.clear());
      if (length == RocksDB.NOT_FOUND) {
        return false;
      }
      view.see(foundValue.getLong(0), foundValue.getLong(length - Long.BYTES), length);
      return true;
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) throws RocksDBException {
      try (RocksIterator iterator = database.newIterator(readOptions)) {
        if (from == null) {
          iterator.seekToFirst();
        } else {
          iterator.seek(from);
        }
        while (iterator.isValid() && sum.entries() < limit) {
          iterator.key(key);
          byte[] value = iterator.value();
          sum.add(Records.head(key), Records.head(value), value.length);
          iterator.next();
        }
        iterator.status();
      }
    }

    @Override
    public void close() {
      readOptions.close();
    }
  }
}
