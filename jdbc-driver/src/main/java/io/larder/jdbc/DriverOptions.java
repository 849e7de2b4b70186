package io.larder.jdbc;

import io.larder.engine.api.Durations;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.Option;
import io.larder.tables.StoreOptions;
import java.sql.DriverPropertyInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The driver's own options, and how URL and connection properties become one set of options. */
final class DriverOptions {
  private static final int CACHED_PLANS_MAX = 100_000;

  /** How long a statement may run. */
  static final Option<Duration> QUERY_TIMEOUT =
      new Option<>(
          "query.timeout",
          "0s",
          List.of(),
          "How long a statement may run, unless setQueryTimeout says otherwise; 0s = for ever.",
          false,
          Durations::parse);

  /** How many compiled statements are kept for a database. */
  static final Option<Integer> CACHED_PLANS =
      new Option<>(
          "plan.cache",
          "1000",
          List.of(),
          "How many compiled statements are kept for a database; the first connection decides. More saves"
              + " planning, about 10 KB each.",
          false,
          DriverOptions::parsePlans);

  /** Properties that tools always pass and an embedded database has no use for. */
  private static final Set<String> IGNORED = Set.of("user", "password");

  private DriverOptions() {}

  private static Integer parsePlans(String text) {
    try {
      int plans = Integer.parseInt(text.strip());
      if (plans >= 1 && plans <= CACHED_PLANS_MAX) {
        return plans;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expectedPlans(text), e);
    }
    throw new IllegalArgumentException(expectedPlans(text));
  }

  private static String expectedPlans(String text) {
    return "found " + text + ", expected a number from 1 to " + CACHED_PLANS_MAX;
  }

  /** Returns every option a URL may carry. */
  static List<Option<?>> all() {
    List<Option<?>> all = new ArrayList<>(EngineOptions.all());
    all.addAll(StoreOptions.all());
    all.add(QUERY_TIMEOUT);
    all.add(CACHED_PLANS);
    return all;
  }

  /** Returns the URL with the properties merged in, all options checked. */
  static LarderUri merge(String url, Properties properties) {
    LarderUri uri = LarderUri.parse(url);
    for (String name : properties.stringPropertyNames()) {
      String value = properties.getProperty(name);
      if (!IGNORED.contains(name) && value != null && !value.isEmpty()) {
        uri = uri.with(name, value);
      }
    }
    EngineOptions.validate(uri, all());
    return uri;
  }

  /** Returns the options as tools show them. */
  static DriverPropertyInfo[] describe(Map<String, String> given) {
    return all().stream()
        .map(
            option -> {
              String value = given.getOrDefault(option.name(), option.defaultText());
              DriverPropertyInfo info = new DriverPropertyInfo(option.name(), value);
              info.description = option.description();
              info.choices =
                  option.choices().isEmpty() ? null : option.choices().toArray(String[]::new);
              return info;
            })
        .toArray(DriverPropertyInfo[]::new);
  }
}
