package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;
import org.jspecify.annotations.Nullable;

/** Chronicle Map: a hash table in a memory-mapped file, without order, log or atomic batches. */
final class ChronicleMapContestant implements EngineContestant {

  @Override
  public Contestant describe() {
    return new Contestant(
            "chronicle-map",
            Contestant.Role.PEER,
            "Chronicle Map (open source) persisted to a file, constant key and value sizes, sized"
                + " for the entries; no order, no log, no atomic batches (they are loops), no synced"
                + " commits; a killed process loses nothing, but may leave entries locked; views"
                + " read the entry's bytes in place under the segment's read lock")
        .withJvmOptions(
            List.of(
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
                "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
                "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-Dchronicle.analytics.disable=true",
                "-Dchronicle.announcer.disable=true"));
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.STORE, Ability.VIEW);
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape)
      throws IOException {
    ChronicleMap<byte[], byte[]> map =
        ChronicleMap.of(byte[].class, byte[].class)
            .name("entries")
            .entries(shape.entries())
            .constantKeySizeBySample(new byte[Records.KEY_BYTES])
            .constantValueSizeBySample(new byte[shape.valueBytes()])
            .putReturnsNull(true)
            .removeReturnsNull(true)
            .createPersistedTo(directory.resolve("store.chronicle").toFile());
    return new Store(map);
  }

  private record Store(ChronicleMap<byte[], byte[]> map) implements OpenEngine {

    @Override
    public void put(byte[] key, byte[] value) {
      map.put(key, value);
    }

    @Override
    public void write(byte[][] keys, byte[][] values) {
      for (int place = 0; place < keys.length; place++) {
        map.put(keys[place], values[place]);
      }
    }

    @Override
    public void delete(byte[] key) {
      map.remove(key);
    }

    @Override
    public void deleteAll(byte[][] keys) {
      for (byte[] key : keys) {
        map.remove(key);
      }
    }

    @Override
    public EngineReader reader() {
      return new Reader(map);
    }

    @Override
    public void settle() {}

    @Override
    public void close() {
      map.close();
    }
  }

  private record Reader(ChronicleMap<byte[], byte[]> map) implements EngineReader {

    @Override
    public byte @Nullable [] get(byte[] key) {
      return map.get(key);
    }

    @Override
    public boolean view(byte[] key, ValueView view) {
      try (ExternalMapQueryContext<byte[], byte[], ?> context = map.queryContext(key)) {
        MapEntry<byte[], byte[]> entry = context.entry();
        if (entry == null) {
          return false;
        }
        Data<byte[]> value = entry.value();
        RandomDataInput bytes = value.bytes();
        long start = value.offset();
        int length = Math.toIntExact(value.size());
        view.see(
            Long.reverseBytes(bytes.readLong(start)),
            Long.reverseBytes(bytes.readLong(start + length - Long.BYTES)),
            length);
        return true;
      }
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      throw new UnsupportedOperationException("Chronicle Map has no order");
    }

    @Override
    public void close() {}
  }
}
