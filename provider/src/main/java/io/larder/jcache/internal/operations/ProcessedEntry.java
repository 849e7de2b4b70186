package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import java.util.Objects;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/**
 * The entry an entry processor works on: notes what it asks for, and changes nothing by itself. Used by the
 * processor's thread alone, and only while it runs.
 */
final class ProcessedEntry<K, V> implements MutableEntry<K, V> {

  /** What is left to do once the processor has returned. */
  enum Action {
    NONE,
    ACCESS,
    LOAD,
    SET,
    REMOVE
  }

  private final Slot<K, V> slot;
  private final @Nullable StoredEntry<V> current;
  private final Integration<K, V> integration;
  private Action action = Action.NONE;
  private @Nullable V value;
  private boolean read; // the value that was there before
  private boolean loaded;

  ProcessedEntry(Slot<K, V> slot, @Nullable StoredEntry<V> current, Integration<K, V> integration) {
    this.slot = slot;
    this.current = current;
    this.integration = integration;
  }

  Action action() {
    return action;
  }

  /** Returns the value to store after {@link Action#SET} or {@link Action#LOAD}. */
  V newValue() {
    return Objects.requireNonNull(value, "value");
  }

  /** Returns whether the value that was there before the processor was looked at. */
  boolean isRead() {
    return read;
  }

  @Override
  public K getKey() {
    return slot.key();
  }

  @Override
  public boolean exists() {
    return switch (action) {
      case NONE -> current != null;
      case ACCESS, LOAD, SET -> true;
      case REMOVE -> false;
    };
  }

  @Override
  public @Nullable V getValue() {
    if (action == Action.NONE) {
      if (current != null) {
        value = current.value();
        read = true;
        action = Action.ACCESS;
      } else if (integration.loadsOnMiss()) {
        value = integration.load(slot.key());
        loaded = value != null;
        action = loaded ? Action.LOAD : Action.NONE;
      }
    }
    return value;
  }

  @Override
  public void setValue(V newValue) {
    value = integration.requireValue(Objects.requireNonNull(newValue, "value"));
    action = Action.SET;
  }

  @Override
  public void remove() {
    // What this very processor has set was never there for anybody else; what it loaded is where it
    // was loaded from.
    boolean madeHere = current == null && action == Action.SET && !loaded;
    action = madeHere ? Action.NONE : Action.REMOVE;
    value = null;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("A mutable entry cannot be unwrapped to " + type.getName());
  }
}
