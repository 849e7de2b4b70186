package io.larder.jdbc.internal.change;

import io.larder.engine.api.Durations;
import io.larder.tables.TableDefinition;

/** The table attribute that gives new rows an end. */
public final class TimeToLive {
  /** The name of the attribute, a duration like {@code 30m}. */
  public static final String ATTRIBUTE = "ttl";

  private TimeToLive() {}

  /** Returns the time to live of new rows in milliseconds, 0 = for ever. */
  static long millisOf(TableDefinition definition) {
    String text = definition.attributes().get(ATTRIBUTE);
    return text == null || text.isEmpty() ? 0 : Durations.parse(text).toMillis();
  }
}
