package io.larder.jdbc;

import io.larder.engine.api.LarderUri;
import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC driver of Larder, found by {@link DriverManager} by itself. Thread-safe.
 *
 * <p>URLs: {@code jdbc:larder:/path/to/directory?option=value&...} and {@code jdbc:larder:mem:name}. Options
 * may also be connection properties. Connections to the same database in one JVM share it; the last one
 * closed closes it.
 */
public final class LarderDriver implements Driver {
  static final String URL_PREFIX = "jdbc:larder:";
  static final int MAJOR_VERSION = 0;
  static final int MINOR_VERSION = 1;

  static {
    try {
      DriverManager.registerDriver(new LarderDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Creates a driver; {@link DriverManager} and tools do that. */
  public LarderDriver() {}

  @Override
  public @Nullable Connection connect(String url, @Nullable Properties properties)
      throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    try {
      LarderUri uri = DriverOptions.merge(url, properties == null ? new Properties() : properties);
      String plans = uri.parameters().get(DriverOptions.CACHED_PLANS.name());
      SharedDatabase database = SharedDatabase.open(uri, DriverOptions.CACHED_PLANS.parse(plans));
      return new LarderConnection(database, uri);
    } catch (RuntimeException e) {
      SQLException failure = Errors.translate(e);
      throw failure.getSQLState() != null && failure.getSQLState().startsWith("22")
          ? Errors.of(SqlState.CANNOT_CONNECT, String.valueOf(failure.getMessage()), e)
          : failure;
    }
  }

  @Override
  public boolean acceptsURL(@Nullable String url) throws SQLException {
    if (url == null) {
      throw Errors.of(SqlState.INVALID_ARGUMENT, "found no URL, expected " + URL_PREFIX + "...");
    }
    return url.regionMatches(true, 0, URL_PREFIX, 0, URL_PREFIX.length());
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties properties)
      throws SQLException {
    try {
      Map<String, String> given =
          url == null || !acceptsURL(url) ? Map.of() : LarderUri.parse(url).parameters();
      return DriverOptions.describe(given);
    } catch (RuntimeException e) {
      return DriverOptions.describe(Map.of()); // a URL still being typed
    }
  }

  @Override
  public int getMajorVersion() {
    return MAJOR_VERSION;
  }

  @Override
  public int getMinorVersion() {
    return MINOR_VERSION;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw Errors.notSupported("getParentLogger");
  }
}
