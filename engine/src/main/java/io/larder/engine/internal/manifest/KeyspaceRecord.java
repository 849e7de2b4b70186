package io.larder.engine.internal.manifest;

import io.larder.engine.api.CorruptionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of the keyspaces as a change in the log, so that the log alone tells what its entries belong to, at every
 * sequence number. Stateless.
 *
 * <p>It is a change of keyspace {@value #KEYSPACE_ID}, which no keyspace has: the key is the handle id, the value data
 * id and name, and a delete is a drop; a delete of the handle id 0 forgets all that
 * came before, and the keyspaces there are follow in the same batch. The manifest decides what an open database has; these records are read when a
 * state of the past is put together from a backup and a log.
 */
public final class KeyspaceRecord {
  /** The keyspace the records are changes of. */
  public static final int KEYSPACE_ID = 0;

  private static final int EVERY_HANDLE_ID = 0;

  private KeyspaceRecord() {}

  /** Returns the key of the record that forgets all keyspaces. */
  public static byte[] keyOfAll() {
    return key(EVERY_HANDLE_ID);
  }

  /** Returns the key of a keyspace's record. */
  public static byte[] key(int handleId) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(handleId).array();
  }

  /** Returns what a record says of a keyspace that is there. */
  public static byte[] value(KeyspaceDefinition keyspace) {
    byte[] name = keyspace.name().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + name.length)
        .putInt(keyspace.dataId())
        .put(name)
        .array();
  }

  /**
   * Applies a record to keyspaces by handle id.
   *
   * @param value null for a drop
   * @return the highest number that the record names
   * @throws CorruptionException if it is no such record
   */
  public static int apply(
      byte[] key, byte @Nullable [] value, Map<Integer, KeyspaceDefinition> keyspaces) {
    if (key.length != Integer.BYTES || value != null && value.length <= Integer.BYTES) {
      throw new CorruptionException(
          "found a record of a keyspace with a key of "
              + key.length
              + " and a value of "
              + (value == null ? 0 : value.length)
              + " bytes, expected 4 and more than 4");
    }
    int handleId = ByteBuffer.wrap(key).getInt();
    if (value == null && handleId == EVERY_HANDLE_ID) {
      keyspaces.clear();
      return 0;
    }
    if (value == null) {
      keyspaces.remove(handleId);
      return handleId;
    }
    int dataId = ByteBuffer.wrap(value).getInt();
    byte[] name = Arrays.copyOfRange(value, Integer.BYTES, value.length);
    keyspaces.put(
        handleId,
        new KeyspaceDefinition(handleId, dataId, new String(name, StandardCharsets.UTF_8)));
    return Integer.compareUnsigned(dataId, handleId) > 0 ? dataId : handleId;
  }
}
