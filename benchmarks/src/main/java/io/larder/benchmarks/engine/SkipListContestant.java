package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The JDK's concurrent ordered map: what a user writes first when there is no store. */
final class SkipListContestant implements EngineContestant {

  @Override
  public Contestant describe() {
    return new Contestant(
        "jdk-skiplist",
        Contestant.Role.PEER,
        "ConcurrentSkipListMap of byte arrays: ordered, no versions; get returns the stored array");
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape) {
    return new Store(new ConcurrentSkipListMap<>(Arrays::compareUnsigned));
  }

  private record Store(NavigableMap<byte[], byte[]> entries) implements OpenEngine {

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(key, value);
    }

    @Override
    public void write(byte[][] keys, byte[][] values) {
      for (int place = 0; place < keys.length; place++) {
        entries.put(keys[place], values[place]);
      }
    }

    @Override
    public void delete(byte[] key) {
      entries.remove(key);
    }

    @Override
    public void deleteAll(byte[][] keys) {
      for (byte[] key : keys) {
        entries.remove(key);
      }
    }

    @Override
    public EngineReader reader() {
      return new Reader(entries);
    }

    @Override
    public void settle() {}

    @Override
    public void close() {
      entries.clear();
    }
  }

  private record Reader(NavigableMap<byte[], byte[]> entries) implements EngineReader {

    @Override
    public byte @Nullable [] get(byte[] key) {
      return entries.get(key);
    }

    @Override
    public boolean view(byte[] key, ValueView view) {
      byte[] value = entries.get(key);
      if (value == null) {
        return false;
      }
      view.see(value, value.length);
      return true;
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      NavigableMap<byte[], byte[]> tail = from == null ? entries : entries.tailMap(from, true);
      for (Map.Entry<byte[], byte[]> entry : tail.entrySet()) {
        if (sum.entries() >= limit) {
          return;
        }
        byte[] value = entry.getValue();
        sum.add(Records.head(entry.getKey()), Records.head(value), value.length);
      }
    }

    @Override
    public void close() {}
  }
}
