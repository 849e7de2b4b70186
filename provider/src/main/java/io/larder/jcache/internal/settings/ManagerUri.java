package io.larder.jcache.internal.settings;

import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderUri;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * What the URI of a manager stands for: a database, or a properties file that names the database and says more. The
 * latter is for frameworks that take only URIs they can read, such as Spring Boot and Hibernate.
 *
 * @param database where the caches live, with the parameters given there
 * @param properties what the file says beside that; empty if there is no file
 */
public record ManagerUri(LarderUri database, Properties properties) {
  /** Names the database: in a properties file, or as a system property for the default of the whole process. */
  public static final String DATABASE = "larder.uri";

  private static final String FALLBACK = "larder:mem:default";

  /**
   * Resolves a URI.
   *
   * @param uri {@code larder:...}, or {@code file:} or {@code jar:} of a properties file in UTF-8
   * @throws InvalidOptionException if it is neither, cannot be read, or names no database
   */
  public static ManagerUri resolve(URI uri) {
    String scheme = uri.getScheme();
    if (!"file".equals(scheme) && !"jar".equals(scheme)) {
      return new ManagerUri(LarderUri.parse(uri), new Properties());
    }
    Properties properties = new Properties();
    try (Reader reader = new InputStreamReader(uri.toURL().openStream(), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) { // the latter: a bad escape
      throw new InvalidOptionException(
          "Cannot read the cache configuration " + uri + ", expected a properties file: " + e, e);
    }
    Object database = properties.remove(DATABASE);
    if (database == null) {
      throw new InvalidOptionException(
          "The cache configuration "
              + uri
              + " names no database, expected a line such as "
              + DATABASE
              + " = larder:/var/lib/shop");
    }
    return new ManagerUri(LarderUri.parse(database.toString().trim()), properties);
  }

  /** Returns the URI of managers that are given none: the system property {@link #DATABASE}, or a database in memory. */
  public static URI ofProcess() {
    String text = System.getProperty(DATABASE, FALLBACK).trim();
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidOptionException(
          "The system property "
              + DATABASE
              + " is '"
              + text
              + "', expected a URI such as "
              + FALLBACK,
          e);
    }
  }
}
