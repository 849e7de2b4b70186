package io.larder.benchmarks.jdbc;

import io.larder.benchmarks.harness.Directories;
import io.larder.benchmarks.harness.Footprint;
import io.larder.benchmarks.harness.Measurement;
import io.larder.benchmarks.harness.Meter;
import io.larder.benchmarks.harness.Padding;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the SQL workloads on one database. Confined to the worker's main thread. Every row read is
 * compared with what its id says, every count with what was loaded.
 *
 * <p>One table is loaded and read, a second one takes inserts and deletes, so that counts stay
 * known. Updates change a column no other workload reads.
 */
final class SqlSession implements Session {

  private static final int BATCH = 1_000;
  private static final int STATEMENTS_A_SLICE = 16;
  private static final int RANGE = 100;
  private static final int CATEGORIES = 64;
  private static final int PRICES = 10_007;
  private static final String COLUMNS =
      " (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(120) NOT NULL, category INTEGER NOT NULL,"
          + " price BIGINT NOT NULL, stock BIGINT NOT NULL)";
  private static final String INSERT_VALUES =
      " (id, name, category, price, stock) VALUES (?, ?, ?, ?, ?)";

  private final SqlContestant contestant;
  private final RunSettings settings;
  private final Path directory;
  private final SplittableRandom random = new SplittableRandom(42);
  private long nextInserted;
  private long nextDeleted;
  private long nextSynced;
  private @Nullable Connection connection;
  private @Nullable Connection syncedConnection;

  SqlSession(SqlContestant contestant, RunSettings settings, Path directory) {
    this.contestant = contestant;
    this.settings = settings;
    this.directory = directory;
  }

  @Override
  public Optional<Measurement> run(String workload) throws Exception {
    SqlWorkload work = SqlWorkload.valueOf(workload);
    if (connection == null && work.needsLoad()) {
      return Optional.empty();
    }
    return switch (work) {
      case LOAD -> Optional.of(load());
      case SELECT_PREPARED -> Optional.of(selectPrepared());
      case SELECT_LITERAL -> Optional.of(selectLiteral());
      case INSERT -> Optional.of(insert());
      case UPDATE -> Optional.of(update());
      case DELETE -> Optional.of(delete());
      case RANGE_100 -> Optional.of(ranges());
      case SCAN_COUNT -> Optional.of(scanCount());
      case GROUP_BY -> Optional.of(groupBy());
      case INSERT_SYNCED -> insertSynced();
      case SIZE_ON_DISK -> Optional.of(Measurement.amount(Directories.sizeBytes(loadDirectory())));
      case FIRST_ROW -> Optional.of(firstRow());
    };
  }

  private Path loadDirectory() {
    return directory.resolve("relaxed");
  }

  private static String name(long id) {
    return "item "
        + Padding.padded(id, 12)
        + " of a list of things for sale, described in a hundred characters: "
        + Padding.padded(id, 17);
  }

  private static int category(long id) {
    return (int) (id * 7 % CATEGORIES);
  }

  private static long price(long id) {
    return id * 31 % PRICES;
  }

  private Connection open(Path path, Function<Path, String> url, Iterable<String> setup)
      throws IOException, SQLException {
    Connection opened = DriverManager.getConnection(url.apply(Directories.recreate(path)));
    try (Statement statement = opened.createStatement()) {
      for (String command : setup) {
        statement.execute(command);
      }
      statement.execute(contestant.createTable() + " item" + COLUMNS);
      statement.execute(contestant.createTable() + " journal" + COLUMNS);
    }
    return opened;
  }

  private Connection openRelaxed() throws IOException, SQLException {
    Connection opened = open(loadDirectory(), contestant.relaxedUrl(), contestant.relaxedSetup());
    connection = opened;
    nextInserted = 0;
    nextDeleted = 0;
    return opened;
  }

  private Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("nothing is loaded yet");
    }
    return connection;
  }

  private Measurement load() throws Exception {
    closeConnections();
    Connection loading = openRelaxed();
    loading.setAutoCommit(false);
    Measurement measurement =
        Meter.once(
            () -> {
              try (PreparedStatement insert =
                  loading.prepareStatement("INSERT INTO item" + INSERT_VALUES)) {
                for (long start = 0; start < settings.entries(); start += BATCH) {
                  long end = Math.min(settings.entries(), start + BATCH);
                  for (long id = start; id < end; id++) {
                    bind(insert, id);
                    insert.addBatch();
                  }
                  insert.executeBatch();
                  loading.commit();
                }
              }
              return settings.entries();
            });
    loading.setAutoCommit(true);
    return measurement;
  }

  private static void bind(PreparedStatement insert, long id) throws SQLException {
    insert.setLong(1, id);
    insert.setString(2, name(id));
    insert.setInt(3, category(id));
    insert.setLong(4, price(id));
    insert.setLong(5, 0);
  }

  private Measurement selectPrepared() throws Exception {
    try (PreparedStatement select =
        connection().prepareStatement("SELECT name, price FROM item WHERE id = ?")) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            for (int count = 0; count < STATEMENTS_A_SLICE; count++) {
              long id = random.nextLong(settings.entries());
              select.setLong(1, id);
              try (ResultSet rows = select.executeQuery()) {
                verifyRow(rows, id);
              }
            }
            return STATEMENTS_A_SLICE;
          });
    }
  }

  private Measurement selectLiteral() throws Exception {
    try (Statement select = connection().createStatement()) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            for (int count = 0; count < STATEMENTS_A_SLICE; count++) {
              long id = random.nextLong(settings.entries());
              try (ResultSet rows =
                  select.executeQuery("SELECT name, price FROM item WHERE id = " + id)) {
                verifyRow(rows, id);
              }
            }
            return STATEMENTS_A_SLICE;
          });
    }
  }

  private static void verifyRow(ResultSet rows, long id) throws SQLException {
    if (!rows.next()) {
      throw new IllegalStateException("no row of id " + id);
    }
    String name = rows.getString(1);
    if (name.length() != 100 || rows.getLong(2) != price(id) || rows.next()) {
      throw new IllegalStateException("wrong row of id " + id + ": " + name);
    }
  }

  private Measurement insert() throws Exception {
    try (PreparedStatement insert =
        connection().prepareStatement("INSERT INTO journal" + INSERT_VALUES)) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            bind(insert, nextInserted++);
            return expectOne(insert.executeUpdate());
          });
    }
  }

  private Measurement update() throws Exception {
    try (PreparedStatement update =
        connection().prepareStatement("UPDATE item SET stock = ? WHERE id = ?")) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            update.setLong(1, random.nextLong(1_000));
            update.setLong(2, random.nextLong(settings.entries()));
            return expectOne(update.executeUpdate());
          });
    }
  }

  /** Deletes what {@link #insert} wrote; what is left over measures nothing. */
  private Measurement delete() throws Exception {
    try (PreparedStatement delete =
        connection().prepareStatement("DELETE FROM journal WHERE id = ?")) {
      long end = nextInserted;
      long deadline = System.nanoTime() + settings.workloadMillis() * 1_000_000;
      return Meter.once(
          () -> {
            long deleted = 0;
            while (nextDeleted < end && System.nanoTime() < deadline) {
              delete.setLong(1, nextDeleted++);
              deleted += expectOne(delete.executeUpdate());
            }
            return deleted;
          });
    }
  }

  private static int expectOne(int count) {
    if (count != 1) {
      throw new IllegalStateException("expected an update count of 1, found " + count);
    }
    return count;
  }

  private Measurement ranges() throws Exception {
    try (PreparedStatement select =
        connection()
            .prepareStatement("SELECT id, name FROM item WHERE id >= ? AND id < ? ORDER BY id")) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            long first = random.nextLong(Math.max(1, settings.entries() - RANGE));
            select.setLong(1, first);
            select.setLong(2, first + RANGE);
            long expected = first;
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                if (rows.getLong(1) != expected || rows.getString(2).length() != 100) {
                  throw new IllegalStateException("wrong row in the range, expected " + expected);
                }
                expected++;
              }
            }
            if (expected != Math.min(settings.entries(), first + RANGE)) {
              throw new IllegalStateException("the range from " + first + " ended at " + expected);
            }
            return 1;
          });
    }
  }

  /** Another threshold each time, so that no database answers from its last result. */
  private Measurement scanCount() throws Exception {
    long[] dearer = rowsDearerThan();
    try (PreparedStatement count =
        connection().prepareStatement("SELECT COUNT(*) FROM item WHERE price > ?")) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            int threshold = random.nextInt(PRICES);
            count.setLong(1, threshold);
            try (ResultSet rows = count.executeQuery()) {
              if (!rows.next() || rows.getLong(1) != dearer[threshold]) {
                throw new IllegalStateException("wrong count, expected " + dearer[threshold]);
              }
            }
            return settings.entries();
          });
    }
  }

  private long[] rowsDearerThan() {
    long[] dearer = new long[PRICES];
    for (long id = 0; id < settings.entries(); id++) {
      int price = (int) price(id);
      if (price > 0) {
        dearer[price - 1]++;
      }
    }
    for (int price = PRICES - 2; price >= 0; price--) {
      dearer[price] += dearer[price + 1];
    }
    return dearer;
  }

  private Measurement groupBy() throws Exception {
    long[] dearer = rowsDearerThan();
    try (PreparedStatement group =
        connection()
            .prepareStatement(
                "SELECT category, COUNT(*), SUM(price) FROM item WHERE price > ?"
                    + " GROUP BY category")) {
      return Meter.repeat(
          settings.workloadMillis(),
          () -> {
            int threshold = random.nextInt(PRICES / 10);
            group.setLong(1, threshold);
            long counted = 0;
            try (ResultSet rows = group.executeQuery()) {
              while (rows.next()) {
                counted += rows.getLong(2);
                if (rows.getLong(3) < 0) {
                  throw new IllegalStateException("negative sum of " + rows.getInt(1));
                }
              }
            }
            if (counted != dearer[threshold]) {
              throw new IllegalStateException(
                  "expected groups of %d rows, found %d".formatted(dearer[threshold], counted));
            }
            return settings.entries();
          });
    }
  }

  private Optional<Measurement> insertSynced() throws Exception {
    Function<Path, String> url = contestant.syncedUrl();
    if (url == null) {
      return Optional.empty();
    }
    if (syncedConnection == null) {
      syncedConnection = open(directory.resolve("synced"), url, contestant.syncedSetup());
      nextSynced = 0;
    }
    try (PreparedStatement insert =
        syncedConnection.prepareStatement("INSERT INTO journal" + INSERT_VALUES)) {
      return Optional.of(
          Meter.repeat(
              settings.workloadMillis(),
              () -> {
                bind(insert, nextSynced++);
                return expectOne(insert.executeUpdate());
              }));
    }
  }

  private Measurement firstRow() throws Exception {
    Connection opened = openRelaxed();
    try (PreparedStatement insert = opened.prepareStatement("INSERT INTO item" + INSERT_VALUES);
        PreparedStatement select =
            opened.prepareStatement("SELECT name, price FROM item WHERE id = ?")) {
      bind(insert, 7);
      expectOne(insert.executeUpdate());
      select.setLong(1, 7);
      try (ResultSet rows = select.executeQuery()) {
        verifyRow(rows, 7);
      }
    }
    return Footprint.sinceJvmStart();
  }

  private void closeConnections() throws SQLException {
    if (connection != null) {
      if (connection.getMetaData().getDatabaseProductName().startsWith("HSQL")) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SHUTDOWN");
        }
      }
      connection.close();
      connection = null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      closeConnections();
      if (syncedConnection != null) {
        syncedConnection.close();
        syncedConnection = null;
      }
    } catch (SQLException failure) {
      throw new IOException("closing failed", failure);
    }
  }
}
