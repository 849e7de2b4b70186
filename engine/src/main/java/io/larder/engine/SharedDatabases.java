package io.larder.engine;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.Option;
import io.larder.engine.internal.database.EmbeddedDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The databases open in this JVM, counted by handles. Thread-safe; opening or closing one does not hold up others.
 */
final class SharedDatabases {
  /** Options that only say how to open, so they cannot contradict what is open. */
  private static final List<Option<?>> OPENING_ONLY =
      List.of(EngineOptions.CREATE, EngineOptions.RECOVERY);

  /** One place; its lock is held while the database is opened and closed. */
  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable EmbeddedDatabase database;
    private int handles;
    private boolean abandoned;
  }

  private final Map<Object, Slot> slots = new ConcurrentHashMap<>();

  /** Joins the database open at a place, or opens it; a failed opening leaves nothing behind. */
  Database open(Object place, DatabaseOptions options, Supplier<EmbeddedDatabase> opener) {
    Joined joined = null;
    while (joined == null) {
      Slot slot = slots.computeIfAbsent(place, key -> new Slot());
      slot.lock.lock();
      try {
        if (!slot.abandoned) {
          joined = join(place, slot, options, opener);
        }
      } finally {
        slot.lock.unlock();
      }
    }
    return joined.prepared(); // without the lock: it may wait for others
  }

  /** A handle that nobody has yet. */
  private record Joined(EmbeddedDatabase database, Database handle) {

    Database prepared() {
      try {
        database.prepareSharing();
        return handle;
      } catch (RuntimeException | Error e) {
        try {
          handle.close();
        } catch (RuntimeException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
    }
  }

  private Joined join(
      Object place, Slot slot, DatabaseOptions options, Supplier<EmbeddedDatabase> opener) {
    EmbeddedDatabase database = slot.database;
    try {
      if (database == null) {
        database = opener.get();
        slot.database = database;
      } else {
        requireNoContradiction(place, database.options(), options);
      }
      slot.handles++;
      return new Joined(database, database.newHandle(() -> release(place, slot)));
    } finally {
      abandonIfUnused(place, slot);
    }
  }

  private void release(Object place, Slot slot) {
    slot.lock.lock();
    try {
      slot.handles--;
      if (slot.handles == 0) {
        try {
          Objects.requireNonNull(slot.database).close();
        } finally {
          abandonIfUnused(place, slot);
        }
      }
    } finally {
      slot.lock.unlock();
    }
  }

  private void abandonIfUnused(Object place, Slot slot) {
    if (slot.handles == 0) {
      slot.database = null;
      slot.abandoned = true;
      slots.remove(place, slot);
    }
  }

  private static void requireNoContradiction(
      Object place, DatabaseOptions open, DatabaseOptions asked) {
    List<String> contradictions = new ArrayList<>();
    for (Option<?> option : EngineOptions.all()) {
      String text = asked.given().get(option.name());
      if (text == null || OPENING_ONLY.contains(option)) {
        continue;
      }
      if (!Objects.equals(open.value(option), asked.value(option))) {
        String openText = open.given().getOrDefault(option.name(), option.defaultText());
        contradictions.add(
            option.name() + " is '" + openText + "' there, and '" + text + "' is asked for");
      }
    }
    if (!contradictions.isEmpty()) {
      throw new InvalidOptionException(
          "The database "
              + place
              + " is already open in this JVM with other options: "
              + String.join("; ", contradictions));
    }
  }
}
