package io.larder.engine.internal.database;

import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.KeyspaceExistsException;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.NoSuchKeyspaceException;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.mvcc.StorageEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Creates, finds, renames, clears and drops keyspaces. Thread-safe.
 *
 * <p>A change is first made durable by the storage engine, then switched under the commit lock, so that a commit is
 * either wholly before or wholly after it. Commits notice a change by comparing {@link #current} with what
 * they were prepared against.
 *
 * <p>Locks: {@code changing} before the commit lock.
 */
final class KeyspaceCatalog {
  private static final int NAME_BYTES_MAX = 255;

  private final ReentrantLock changing = new ReentrantLock();
  private final StorageEngine engine;
  private volatile Keyspaces current;

  /** The highest number given to a keyspace so far; guarded by {@code changing}. */
  private int lastId;

  KeyspaceCatalog(StorageEngine engine) {
    this.engine = engine;
    this.lastId = engine.lastKeyspaceId();
    Keyspaces recovered = Keyspaces.none(this::current);
    for (KeyspaceDefinition definition : engine.recoveredKeyspaces()) {
      KeyspaceState state =
          new KeyspaceState(definition.handleId(), definition.dataId(), definition.name());
      recovered = recovered.with(state, definition.name(), definition.dataId());
    }
    this.current = recovered;
  }

  Keyspaces current() {
    return current;
  }

  @Nullable KeyspaceState find(String name) {
    return current.find(name);
  }

  KeyspaceState require(String name) {
    KeyspaceState state = current.find(name);
    if (state == null) {
      throw missing(name);
    }
    return state;
  }

  private static NoSuchKeyspaceException missing(String name) {
    return new NoSuchKeyspaceException("There is no keyspace '" + name + "'");
  }

  /** Creates a keyspace; one that exists is returned or refused. */
  KeyspaceState create(String name, boolean existingIsFine) {
    requireValidName(name);
    changing.lock();
    try {
      KeyspaceState existing = current.find(name);
      if (existing != null) {
        if (existingIsFine) {
          return existing;
        }
        throw new KeyspaceExistsException("There is already a keyspace '" + name + "'");
      }
      int id = lastId + 1;
      engine.saveKeyspaces(List.of(new KeyspaceDefinition(id, id, name)), List.of(), id);
      lastId = id;
      KeyspaceState state = new KeyspaceState(id, id, name);
      current = current.with(state, name, id);
      return state;
    } finally {
      changing.unlock();
    }
  }

  void drop(String name) {
    changing.lock();
    try {
      KeyspaceState state = require(name);
      engine.saveKeyspaces(List.of(), List.of(state.handleId()), lastId);
      int abandoned = state.dataId();
      engine
          .commits()
          .changingEverything(
              () -> {
                // The state first: a batch prepared meanwhile with either number meets other
                // keyspaces
                // than it started from, and is prepared anew.
                state.setDataId(KeyspaceState.DROPPED);
                current = current.without(state);
              });
      engine.abandoned(abandoned);
    } finally {
      changing.unlock();
    }
  }

  void clear(String name) {
    clearUnderLock(name).tellCleared();
  }

  private KeyspaceState clearUnderLock(String name) {
    changing.lock();
    try {
      KeyspaceState state = require(name);
      int id = lastId + 1;
      engine.saveKeyspaces(
          List.of(new KeyspaceDefinition(state.handleId(), id, name)), List.of(), id);
      lastId = id;
      int abandoned = state.dataId();
      engine
          .commits()
          .changingEverything(
              () -> {
                state.setDataId(id); // the state first, as when dropping
                current = current.with(state, name, id);
              });
      engine.abandoned(abandoned);
      return state;
    } finally {
      changing.unlock();
    }
  }

  void rename(String name, String newName) {
    requireValidName(newName);
    changing.lock();
    try {
      KeyspaceState state = require(name);
      if (name.equals(newName)) {
        return;
      }
      if (current.find(newName) != null) {
        throw new KeyspaceExistsException("There is already a keyspace '" + newName + "'");
      }
      engine.saveKeyspaces(
          List.of(new KeyspaceDefinition(state.handleId(), state.dataId(), newName)),
          List.of(),
          lastId);
      engine
          .commits()
          .exclusively(
              () -> {
                current = current.with(state, newName, state.dataId());
                state.setName(newName);
              });
    } finally {
      changing.unlock();
    }
  }

  private static void requireValidName(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > NAME_BYTES_MAX) {
      throw new LimitExceededException(
          "The keyspace name '" + name + "' has " + bytes + " bytes in UTF-8, expected 1 to 255");
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      throw new InvalidOptionException(
          "The keyspace name '"
              + name.replaceAll("\\p{Cntrl}", "?")
              + "' contains a control character, which names may not");
    }
  }
}
