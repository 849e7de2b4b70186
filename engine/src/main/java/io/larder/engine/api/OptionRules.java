package io.larder.engine.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What options must be together, beyond each being right alone. Stateless.
 *
 * <p>Only what somebody gave can contradict: a default bends to what is given where the engine can make it fit,
 * and is named as such in a violation where it cannot.
 */
final class OptionRules {
  private final Map<String, String> parameters;
  private final List<String> violations = new ArrayList<>();

  private OptionRules(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /** Returns what is wrong with a combination whose values are right one by one; values that are not are passed over. */
  static List<String> violations(Map<String, String> parameters) {
    OptionRules rules = new OptionRules(parameters);
    rules.checkAlias();
    rules.checkSizes();
    rules.checkMemoryOnly();
    rules.checkBackups();
    return rules.violations;
  }

  private boolean given(Option<?> option) {
    return parameters.containsKey(option.name());
  }

  private <T> @Nullable T value(Option<T> option) {
    try {
      return option.parse(parameters.get(option.name()));
    } catch (IllegalArgumentException e) {
      return null; // reported on its own
    }
  }

  private String shown(Option<?> option) {
    String text = parameters.get(option.name());
    return option.name()
        + " is '"
        + (text == null ? option.defaultText() + "' (default)" : text + "'");
  }

  private void checkAlias() {
    if (given(EngineOptions.WRITE_BUFFER) && given(EngineOptions.MEMTABLE_SIZE)) {
      Long buffer = value(EngineOptions.WRITE_BUFFER);
      Long memtable = value(EngineOptions.MEMTABLE_SIZE);
      if (buffer != null && memtable != null && !buffer.equals(memtable)) {
        violations.add(
            shown(EngineOptions.WRITE_BUFFER)
                + " and "
                + shown(EngineOptions.MEMTABLE_SIZE)
                + ", but they are two names of one option");
      }
    }
  }

  private void checkSizes() {
    Option<Long> memtable =
        given(EngineOptions.MEMTABLE_SIZE)
            ? EngineOptions.MEMTABLE_SIZE
            : EngineOptions.WRITE_BUFFER;
    if (given(memtable)) {
      requireAtMost(memtable, EngineOptions.MEMORY_LIMIT, "unflushed entries would never fill it");
    }
    if (given(EngineOptions.WAL_SEGMENT) || given(EngineOptions.WAL_LIMIT)) {
      requireAtMost(
          EngineOptions.WAL_SEGMENT, EngineOptions.WAL_LIMIT, "the log is never below one segment");
    }
    if (given(EngineOptions.KEY_LIMIT) || given(EngineOptions.BATCH_LIMIT)) {
      requireAtMost(
          EngineOptions.KEY_LIMIT, EngineOptions.BATCH_LIMIT, "no such key could be written");
    }
    if (given(EngineOptions.VALUE_LIMIT) || given(EngineOptions.BATCH_LIMIT)) {
      requireAtMost(
          EngineOptions.VALUE_LIMIT, EngineOptions.BATCH_LIMIT, "no such value could be written");
    }
  }

  private void requireAtMost(Option<Long> smaller, Option<Long> larger, String why) {
    Long small = value(smaller);
    Long large = value(larger);
    if (small != null && large != null && small > large) {
      violations.add(shown(smaller) + ", expected at most what " + shown(larger) + " says: " + why);
    }
  }

  private void checkMemoryOnly() {
    Boolean persistent = value(EngineOptions.PERSISTENCE);
    if (persistent == null || persistent) {
      return;
    }
    SyncMode sync = value(EngineOptions.SYNC);
    if (given(EngineOptions.SYNC) && sync != null && sync != SyncMode.NONE) {
      violations.add(
          shown(EngineOptions.SYNC)
              + " and "
              + shown(EngineOptions.PERSISTENCE)
              + ": nothing is synced where nothing is stored");
    }
    for (Option<String> option : List.of(EngineOptions.WAL_ARCHIVE, EngineOptions.BACKUP_DIR)) {
      if (isSet(option)) {
        violations.add(
            shown(option)
                + " and "
                + shown(EngineOptions.PERSISTENCE)
                + ": there is nothing to keep where nothing is stored");
      }
    }
    Duration interval = value(EngineOptions.SYNC_INTERVAL);
    if (given(EngineOptions.SYNC_INTERVAL) && interval != null) {
      violations.add(
          shown(EngineOptions.SYNC_INTERVAL)
              + " and "
              + shown(EngineOptions.PERSISTENCE)
              + ": nothing is synced where nothing is stored");
    }
  }

  private void checkBackups() {
    if (isSet(EngineOptions.BACKUP_DIR)) {
      return;
    }
    for (Option<?> option : List.of(EngineOptions.BACKUP_EVERY, EngineOptions.BACKUP_KEEP)) {
      if (given(option)) {
        violations.add(needsBackupDirectory(option));
      }
    }
    if ("backup".equals(value(EngineOptions.RECOVERY))) {
      violations.add(needsBackupDirectory(EngineOptions.RECOVERY));
    }
  }

  private String needsBackupDirectory(Option<?> option) {
    return shown(option) + ", but " + EngineOptions.BACKUP_DIR.name() + " names no directory";
  }

  private boolean isSet(Option<String> option) {
    String value = value(option);
    return value != null && !value.isEmpty();
  }

  /** Returns what is wrong with options at a location. */
  static List<String> violations(DatabaseLocation location, Map<String, String> parameters) {
    List<String> found = new ArrayList<>();
    OptionRules rules = new OptionRules(parameters);
    if (location instanceof DatabaseLocation.InMemory
        && rules.given(EngineOptions.PERSISTENCE)
        && Boolean.TRUE.equals(rules.value(EngineOptions.PERSISTENCE))) {
      found.add(
          rules.shown(EngineOptions.PERSISTENCE)
              + ", but the location larder:"
              + location
              + " is in memory, expected a directory or 'off'");
    }
    for (Option<String> option : List.of(EngineOptions.WAL_ARCHIVE, EngineOptions.BACKUP_DIR)) {
      if (location instanceof DatabaseLocation.InMemory && rules.isSet(option)) {
        found.add(rules.shown(option) + ", but the location larder:" + location + " is in memory");
      }
    }
    return found;
  }
}
