package io.larder.engine.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Lookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A memtable whose trees are built at once must be like one that was added to key by key, also afterwards. */
class MemtableLoaderTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 13, 200, 5_000, 60_000})
  void loaded_isLikeAdded(int entries) {
    for (Keys keys : Keys.values()) {
      Random random = new Random(entries);
      Memtable added = new Memtable(7);
      Memtable loaded = new Memtable(7);
      MemtableLoader loader = new MemtableLoader(loaded);
      for (int i = 1; i <= entries; i++) {
        int keyspace = random.nextInt(4) == 0 ? -1 - random.nextInt(3) : 5;
        byte[] key = keys.next(random, i);
        byte[] value = random.nextInt(5) == 0 ? null : new byte[] {(byte) i};
        long expiry = random.nextInt(3) == 0 ? i : 0;
        added.add(keyspace, key, i, value, expiry);
        int length = value == null ? 0 : 1;
        loader.add(keyspace, key, 0, key.length, i, value, 0, length, expiry);
      }
      loader.finish();
      same(added, loaded);
      for (int i = entries + 1; i <= entries + 1_000; i++) {
        byte[] key = keys.next(random, i);
        added.add(5, key, i, key, 0);
        loaded.add(5, key, i, key, 0);
      }
      same(added, loaded);
    }
  }

  /** Kinds of keys that sort in different ways. */
  private enum Keys {
    RANDOM {
      @Override
      byte[] next(Random random, int number) {
        byte[] key = new byte[1 + random.nextInt(20)];
        random.nextBytes(key);
        return key;
      }
    },
    SAME_PREFIX {
      @Override
      byte[] next(Random random, int number) {
        return ("customer:" + random.nextInt(50_000)).getBytes(StandardCharsets.ISO_8859_1);
      }
    },
    ASCENDING {
      @Override
      byte[] next(Random random, int number) {
        return HexFormat.of().toHexDigits(number).getBytes(StandardCharsets.ISO_8859_1);
      }
    },
    SHORT {
      @Override
      byte[] next(Random random, int number) {
        return new byte[] {(byte) random.nextInt(4), (byte) random.nextInt(3)};
      }
    };

    abstract byte[] next(Random random, int number);
  }

  private static void same(Memtable expected, Memtable found) {
    assertThat(found.count()).isEqualTo(expected.count());
    assertThat(found.keyCount()).isEqualTo(expected.keyCount());
    assertThat(found.bytes()).isEqualTo(expected.bytes());
    assertThat(found.keyspaceIds()).isEqualTo(expected.keyspaceIds());
    assertThat(found.lastSequence()).isEqualTo(expected.lastSequence());
    List<String> entries = entries(expected.cursor());
    assertThat(entries(found.cursor())).isEqualTo(entries);
    assertThat(entries(found.cursorDescending())).isEqualTo(entries(expected.cursorDescending()));
    try (EntryCursor one = expected.cursor();
        EntryCursor other = found.cursor()) {
      Random random = new Random(1);
      Lookup lookup = new Lookup();
      for (int i = 0; i < 300 && !entries.isEmpty(); i++) {
        String line = entries.get(random.nextInt(entries.size()));
        int keyspace = Integer.parseInt(line.substring(0, line.indexOf(' ')));
        byte[] key = HexFormat.of().parseHex(line.split(" ")[1]);
        assertThat(found.get(keyspace, key, Long.MAX_VALUE, lookup)).isTrue();
        one.seek(keyspace, key);
        other.seek(keyspace, key);
        assertThat(other.next()).isEqualTo(one.next());
        assertThat(line(other)).isEqualTo(line(one));
      }
    }
  }

  private static List<String> entries(EntryCursor cursor) {
    List<String> entries = new ArrayList<>();
    try (cursor) {
      while (cursor.next()) {
        entries.add(line(cursor));
      }
    }
    return entries;
  }

  private static String line(EntryCursor cursor) {
    String key =
        HexFormat.of()
            .formatHex(
                cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
    return cursor.keyspaceId() + " " + key + " " + cursor.sequence() + " " + cursor.isDelete();
  }
}
