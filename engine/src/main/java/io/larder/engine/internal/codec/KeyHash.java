package io.larder.engine.internal.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 64-bit hash of a (keyspace, key) pair that memtables and sorted tables find their records by. Stateless.
 *
 * <p>It folds 128-bit products: {@code fold(a, b)} is the low half of {@code a * b} xor the high half of the signed
 * product. Each 16 bytes of the key cost one fold. The seed differs by memtable and by table file, so that keys chosen
 * to collide in one do not collide in the next. The function is part of the table format and may never change.
 */
public final class KeyHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long K0 = 0x9E3779B97F4A7C15L;
  private static final long K1 = 0xD1B54A32D192ED03L;
  private static final long K2 = 0xABC98388FB8FAC03L;

  private KeyHash() {}

  /** Returns the hash of a key that is a whole array. */
  public static long hash(long seed, int keyspaceId, byte[] key) {
    return hash(seed, keyspaceId, key, 0, key.length);
  }

  /** Returns the hash of a key that is a part of an array. */
  public static long hash(long seed, int keyspaceId, byte[] array, int offset, int length) {
    long state = fold(seed ^ K0, ((long) keyspaceId << 32 | length) ^ K1);
    int position = offset;
    int end = offset + length;
    while (end - position > 16) {
      state = fold(longAt(array, position) ^ K1, longAt(array, position + 8) ^ state);
      position += 16;
    }
    int rest = end - position;
    long low;
    long high;
    if (rest >= 8) {
      low = longAt(array, position);
      high = longAt(array, end - 8);
    } else if (rest >= 4) {
      low = intAt(array, position);
      high = intAt(array, end - 4);
    } else {
      low = 0;
      for (; position < end; position++) {
        low = low << 8 | (array[position] & 0xFF);
      }
      high = rest;
    }
    state = fold(low ^ K1, high ^ state);
    return fold(state ^ K2, K0);
  }

  private static long fold(long left, long right) {
    return left * right ^ Math.multiplyHigh(left, right);
  }

  private static long longAt(byte[] array, int offset) {
    return (long) LONGS.get(array, offset);
  }

  private static long intAt(byte[] array, int offset) {
    return (int) INTS.get(array, offset) & 0xFFFFFFFFL;
  }
}
