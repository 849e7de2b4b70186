package io.larder.engine;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Everything a database shows, to be compared with a model. */
final class DatabaseContent {
  private DatabaseContent() {}

  /** Returns the entries of each keyspace by name, each byte of keys and values as one character. */
  static Map<String, Map<String, String>> of(Database database) {
    Map<String, Map<String, String>> content = new TreeMap<>();
    for (String name : database.keyspaceNames()) {
      Map<String, String> entries = new TreeMap<>();
      try (Cursor cursor = database.keyspace(name).cursor(KeyRange.all())) {
        while (cursor.next()) {
          entries.put(
              new String(cursor.key(), StandardCharsets.ISO_8859_1),
              new String(cursor.value(), StandardCharsets.ISO_8859_1));
        }
      }
      content.put(name, entries);
    }
    return content;
  }
}
