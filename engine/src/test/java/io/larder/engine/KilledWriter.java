package io.larder.engine;

import io.larder.engine.api.Database;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A program that writes until it is killed. Each line it prints acknowledges everything up to a number: number n
 * stands for the entry n in the keyspace "single" and, in a batch, ten entries in "batches".
 */
final class KilledWriter {
  private static final int BATCH = 10;

  private KilledWriter() {}

  static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  /** The value that belongs to a number, so that a wrong one is noticed. */
  static byte[] value(int number) {
    byte[] value = new byte[20 + number % 300];
    new Random(number).nextBytes(value);
    return value;
  }

  /** Arguments: the URI, the first number. */
  public static void main(String[] arguments) {
    Database database = Databases.open(LarderUri.parse(arguments[0]));
    Keyspace single = database.openKeyspace("single");
    Keyspace batches = database.openKeyspace("batches");
    for (int number = Integer.parseInt(arguments[1]); ; number++) {
      single.put(key(number), value(number));
      WriteBatch batch = new WriteBatch();
      for (int member = 0; member < BATCH; member++) {
        batch.put(batches, key(number * BATCH + member), value(number));
      }
      database.write(batch);
      byte[] line = (number + "\n").getBytes(StandardCharsets.US_ASCII);
      System.out.write(line, 0, line.length);
      System.out.flush();
    }
  }
}
