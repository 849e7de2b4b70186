package io.larder.engine.internal.io;

import java.util.ResourceBundle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A logger that is looked for when there is something to log. Thread-safe.
 *
 * <p>The first look starts the logging system of the process, which takes longer than opening a database. Those who are
 * written to see through it: frames of a {@link System.Logger} are no callers.
 */
public final class LazyLogger implements System.Logger {
  private final Class<?> owner;
  private volatile System.@Nullable Logger found;

  private LazyLogger(Class<?> owner) {
    this.owner = owner;
  }

  /** Returns the logger of a class. */
  public static System.Logger of(Class<?> owner) {
    return new LazyLogger(owner);
  }

  private System.Logger logger() {
    System.Logger known = found;
    if (known == null) {
      known = System.getLogger(owner.getName());
      found = known;
    }
    return known;
  }

  @Override
  public String getName() {
    return owner.getName();
  }

  @Override
  public boolean isLoggable(Level level) {
    return logger().isLoggable(level);
  }

  @Override
  public void log(Level level, @Nullable String message) {
    logger().log(level, message);
  }

  @Override
  public void log(Level level, Supplier<String> message) {
    logger().log(level, message);
  }

  @Override
  public void log(Level level, @Nullable String message, @Nullable Throwable thrown) {
    logger().log(level, message, thrown);
  }

  @Override
  public void log(Level level, Supplier<String> message, @Nullable Throwable thrown) {
    logger().log(level, message, thrown);
  }

  @Override
  public void log(Level level, @Nullable String format, @Nullable Object... parameters) {
    logger().log(level, format, parameters);
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    logger().log(level, bundle, message, thrown);
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object... parameters) {
    logger().log(level, bundle, format, parameters);
  }
}
