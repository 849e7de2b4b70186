package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A merge that rewrote the first and the third table of a run and kept the second wrote one table across it. Reads look
 * into one table of a run only, so all live keys of the second were absent.
 */
class KeptTablesTest {
  /** More than two tables hold. */
  private static final int KEYS = 20_000;

  private static final int BATCH = 1_000;

  @TempDir Path directory;

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  @Test
  void compact_withGarbageOnBothSidesOfATable_keepsEveryKey() {
    String uri = "larder:" + directory + "?sync=none&table.size=128KB&merge.rate=0";
    try (Database database = Databases.open(LarderUri.parse(uri))) {
      Keyspace numbers = database.createKeyspace("numbers");
      byte[] value = new byte[16];
      WriteBatch batch = new WriteBatch();
      for (int number = 0; number < KEYS; number++) {
        batch.put(numbers, key(number), value);
        if (batch.size() == BATCH) {
          database.write(batch);
          batch.clear();
        }
      }
      database.write(batch);
      database.compact();
      assertThat(database.statistics().get("table.files")).isGreaterThanOrEqualTo(3);

      numbers.delete(key(7));
      database.flush();
      numbers.delete(key(KEYS - 7));
      database.flush();
      database.compact();

      int found = 0;
      for (int number = 0; number < KEYS; number++) {
        found += numbers.exists(key(number)) ? 1 : 0;
      }
      assertThat(found).isEqualTo(KEYS - 2);
      int walked = 0;
      try (Cursor cursor = numbers.cursor(KeyRange.all())) {
        while (cursor.next()) {
          walked++;
        }
      }
      assertThat(walked).isEqualTo(KEYS - 2);
    }
  }
}
