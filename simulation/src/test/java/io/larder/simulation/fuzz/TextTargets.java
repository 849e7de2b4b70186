package io.larder.simulation.fuzz;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.LarderUri;
import io.larder.tables.Store;
import io.larder.tables.Table;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Texts people write, and entries a file may hold: they are understood, or refused by an exception of ours. Stateless but
 * for the in-memory database they are tried on.
 */
final class TextTargets {
  private static final String PLACE = "larder:mem:fuzz";
  private static final int ROWS_MAX = 1_000;
  private static final Connection CONNECTION = connect();

  private TextTargets() {}

  private static Connection connect() {
    try {
      Connection connection = DriverManager.getConnection("jdbc:" + PLACE);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "CREATE TABLE item (shelf INTEGER, place VARCHAR, label VARCHAR, amount DECIMAL(9, 2),"
                + " made TIMESTAMP, PRIMARY KEY (shelf, place))");
        statement.executeUpdate("CREATE TABLE raw (k BIGINT PRIMARY KEY, v VARCHAR)");
        statement.executeUpdate(
            "INSERT INTO item (shelf, place, label, amount, made)"
                + " VALUES (1, 'a', 'x', 12.50, TIMESTAMP '2024-02-29 12:00:00.5')");
        statement.executeUpdate("INSERT INTO item (shelf, place) VALUES (-7, '')");
        statement.executeUpdate("INSERT INTO raw (k, v) VALUES (1, 'x')");
      }
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A URI and its options: parsed, printed, parsed again to the same. */
  static boolean uri(String text) {
    try {
      LarderUri uri = LarderUri.parse(text);
      DatabaseOptions.of(uri.parameters());
      LarderUri again = LarderUri.parse(uri.toUri());
      if (!again.equals(uri)) {
        throw new AssertionError(text + " is " + uri + ", and that is " + again);
      }
      return false;
    } catch (LarderException e) {
      return true;
    }
  }

  /** A statement, prepared and run in a transaction that is undone. */
  static boolean sql(String text) {
    try {
      CONNECTION.setAutoCommit(false);
      try (PreparedStatement statement = CONNECTION.prepareStatement(text)) {
        if (statement.getParameterMetaData().getParameterCount() == 0 && statement.execute()) {
          drain(statement.getResultSet());
        }
        return false;
      } finally {
        CONNECTION.rollback();
      }
    } catch (SQLException e) {
      return true;
    }
  }

  private static void drain(ResultSet rows) throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    for (int row = 0; row < ROWS_MAX && rows.next(); row++) {
      for (int column = 1; column <= columns; column++) {
        rows.getObject(column);
      }
    }
  }

  /** Returns entries as tables hold them, in the form {@link #entry} takes. */
  static List<byte[]> entries() {
    List<byte[]> entries = new ArrayList<>();
    try (Store store = Store.open(LarderUri.parse(PLACE))) {
      for (String name : new String[] {"item", "raw"}) {
        Table table = store.findTableIgnoringCase(name).orElseThrow();
        try (Cursor cursor = table.keyspace().cursor(KeyRange.all())) {
          while (cursor.next()) {
            byte[] key = cursor.key();
            byte[] value = cursor.value();
            byte[] entry = new byte[1 + key.length + value.length];
            entry[0] = (byte) key.length;
            System.arraycopy(key, 0, entry, 1, key.length);
            System.arraycopy(value, 0, entry, 1 + key.length, value.length);
            entries.add(entry);
          }
        }
      }
    }
    return entries;
  }

  /** An entry of a table, key and value as a file holds them, read through SQL and as objects. */
  static boolean entry(byte[] bytes) {
    int keyLength = bytes.length == 0 ? 0 : Byte.toUnsignedInt(bytes[0]) % bytes.length;
    byte[] key = Arrays.copyOfRange(bytes, Math.min(1, bytes.length), keyLength + 1);
    byte[] value = Arrays.copyOfRange(bytes, Math.min(bytes.length, keyLength + 1), bytes.length);
    if (key.length == 0) {
      key = "k".getBytes(StandardCharsets.US_ASCII);
    }
    boolean refused = true;
    try (Store store = Store.open(LarderUri.parse(PLACE))) {
      for (String name : new String[] {"item", "raw"}) {
        Table table = store.findTableIgnoringCase(name).orElseThrow();
        table.keyspace().put(key, value);
        try {
          refused &= read(name, table, key, value);
        } finally {
          table.keyspace().delete(key);
        }
      }
    }
    return refused;
  }

  private static boolean read(String name, Table table, byte[] key, byte[] value) {
    boolean refused = false;
    try {
      CONNECTION.setAutoCommit(true);
      try (Statement statement = CONNECTION.createStatement();
          ResultSet rows = statement.executeQuery("SELECT * FROM " + name)) {
        drain(rows);
      }
    } catch (SQLException e) {
      refused = true;
    }
    try {
      var codec = table.entries(Object.class, Object.class, TextTargets.class.getClassLoader());
      codec.decodeKey(key);
      codec.decodeValue(value);
    } catch (LarderException e) {
      refused = true;
    }
    return refused;
  }
}
