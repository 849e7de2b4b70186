package io.larder.engine.internal.manifest;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.FieldOutput;
import io.larder.engine.internal.codec.Varints;
import io.larder.engine.internal.table.TableMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An edit as bytes: fields in any number and order, each a tag and its content. Stateless.
 *
 * <pre>
 *  tag  content (v = varint, see Varints; tags are varints too)
 *    1  keyspace set: handle id v, data id v, name length v, name UTF-8
 *    2  keyspace dropped: handle id v
 *    3  highest keyspace id v
 *    4  table added: run order v, metadata length v, metadata (see TableMetadata)
 *    5  table removed: file id v
 *    6  log floor v
 *    7  flushed sequence v
 *    8  durable sequence v
 *    9  highest clock, milliseconds v
 *   10  next file id v
 * </pre>
 */
final class VersionEditCodec {
  private static final int KEYSPACE_SET = 1;
  private static final int KEYSPACE_DROPPED = 2;
  private static final int LAST_KEYSPACE_ID = 3;
  private static final int TABLE_ADDED = 4;
  private static final int TABLE_REMOVED = 5;
  private static final int LOG_FLOOR = 6;
  private static final int FLUSHED_SEQUENCE = 7;
  private static final int DURABLE_SEQUENCE = 8;
  private static final int HIGHEST_CLOCK = 9;
  private static final int NEXT_FILE_ID = 10;

  private VersionEditCodec() {}

  static byte[] encode(VersionEdit edit) {
    FieldOutput output = new FieldOutput();
    for (int handleId : edit.keyspacesDropped) {
      output.number(KEYSPACE_DROPPED).number(handleId);
    }
    for (KeyspaceDefinition keyspace : edit.keyspacesSet) {
      output.number(KEYSPACE_SET).number(keyspace.handleId()).number(keyspace.dataId());
      output.bytes(keyspace.name().getBytes(StandardCharsets.UTF_8));
    }
    for (long fileId : edit.tablesRemoved) {
      output.number(TABLE_REMOVED).number(fileId);
    }
    for (LiveTable table : edit.tablesAdded) {
      output.number(TABLE_ADDED).number(table.runOrder()).bytes(table.metadata().encode());
    }
    output.field(LAST_KEYSPACE_ID, edit.lastKeyspaceId);
    output.field(LOG_FLOOR, edit.logFloor);
    output.field(FLUSHED_SEQUENCE, edit.flushedSequence);
    output.field(DURABLE_SEQUENCE, edit.durableSequence);
    output.field(HIGHEST_CLOCK, edit.highestClockMillis);
    output.field(NEXT_FILE_ID, edit.nextFileId);
    return output.toByteArray();
  }

  /** Decodes an edit; a {@link CorruptionException} says what was found, the caller adds where. */
  static VersionEdit decode(ByteBuffer source) {
    VersionEdit edit = new VersionEdit();
    while (source.hasRemaining()) {
      int tag = Varints.getInt(source);
      switch (tag) {
        case KEYSPACE_SET -> edit.setKeyspace(keyspace(source));
        case KEYSPACE_DROPPED -> edit.dropKeyspace(Varints.getInt(source));
        case LAST_KEYSPACE_ID -> edit.lastKeyspaceId(Varints.getInt(source));
        case TABLE_ADDED -> edit.addTable(table(source));
        case TABLE_REMOVED -> edit.removeTable(Varints.getLong(source));
        case LOG_FLOOR -> edit.logFloor(Varints.getLong(source));
        case FLUSHED_SEQUENCE -> edit.flushedSequence(Varints.getLong(source));
        case DURABLE_SEQUENCE -> edit.durableSequence(Varints.getLong(source));
        case HIGHEST_CLOCK -> edit.highestClockMillis(Varints.getLong(source));
        case NEXT_FILE_ID -> edit.nextFileId(Varints.getLong(source));
        default ->
            throw new CorruptionException("found the field " + tag + ", expected one of 1 to 10");
      }
    }
    return edit;
  }

  private static KeyspaceDefinition keyspace(ByteBuffer source) {
    int handleId = Varints.getInt(source);
    int dataId = Varints.getInt(source);
    ByteBuffer name = FieldOutput.part(source);
    return new KeyspaceDefinition(handleId, dataId, StandardCharsets.UTF_8.decode(name).toString());
  }

  private static LiveTable table(ByteBuffer source) {
    long runOrder = Varints.getLong(source);
    return new LiveTable(runOrder, TableMetadata.decode(FieldOutput.part(source)));
  }
}
