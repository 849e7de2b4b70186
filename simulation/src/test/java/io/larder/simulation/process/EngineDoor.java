package io.larder.simulation.process;

import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.WriteBatch;
import io.larder.simulation.process.Ledger.Change;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The engine itself: batches over keyspaces, and now and then a flush or a compaction. */
final class EngineDoor implements Door {
  private final Database database;

  EngineDoor(String place) {
    database = Databases.open(LarderUri.parse("larder:" + place));
  }

  @Override
  public void take(List<Change> changes) {
    WriteBatch batch = new WriteBatch();
    for (Change change : changes) {
      switch (change.kind()) {
        case CREATE -> database.openKeyspace(change.table());
        case DROP -> database.findKeyspace(change.table()).ifPresent(each -> drop(each.name()));
        case PUT -> batch.put(keyspace(change), key(change.key()), bytes(change.value()));
        case REMOVE -> batch.delete(keyspace(change), key(change.key()));
      }
    }
    if (!batch.isEmpty()) {
      database.write(batch);
    }
  }

  private void drop(String name) {
    database.dropKeyspace(name);
  }

  private Keyspace keyspace(Change change) {
    return database.keyspace(change.table());
  }

  private static byte[] key(int key) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(key).array();
  }

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void tidy(long number) {
    if (number % 50 == 0) {
      database.flush();
    }
    if (number % 120 == 0) {
      database.compact();
    }
  }

  @Override
  public Map<String, Map<Integer, String>> read() {
    Map<String, Map<Integer, String>> found = new TreeMap<>();
    for (String name : database.keyspaceNames()) {
      Map<Integer, String> entries = new TreeMap<>();
      try (Cursor cursor = database.keyspace(name).cursor(KeyRange.all())) {
        while (cursor.next()) {
          int key = ByteBuffer.wrap(cursor.key()).getInt();
          entries.put(key, new String(cursor.value(), StandardCharsets.US_ASCII));
        }
      }
      found.put(name, entries);
    }
    return found;
  }

  @Override
  public void close() {
    database.close();
  }
}
