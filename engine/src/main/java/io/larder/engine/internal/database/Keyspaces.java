package io.larder.engine.internal.database;

import io.larder.engine.internal.mvcc.CommitGuard;
import io.larder.engine.internal.mvcc.SnapshotRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keyspaces of one moment. Immutable; a change makes a new one. As a guard it lets a commit pass that was prepared
 * against it, as long as it is the present one.
 */
final class Keyspaces implements SnapshotRegistry.LiveKeyspaces, CommitGuard {
  private final Supplier<Keyspaces> current;
  private final NavigableMap<String, KeyspaceState> byName;
  private final Map<Integer, Integer> dataIdByHandleId;
  private final Set<Integer> dataIds;

  private Keyspaces(
      Supplier<Keyspaces> current,
      NavigableMap<String, KeyspaceState> byName,
      Map<Integer, Integer> dataIdByHandleId) {
    this.current = current;
    this.byName = byName;
    this.dataIdByHandleId = dataIdByHandleId;
    this.dataIds = new HashSet<>(dataIdByHandleId.values());
  }

  /** Returns no keyspaces; {@code current} tells the present ones. */
  static Keyspaces none(Supplier<Keyspaces> current) {
    return new Keyspaces(current, new TreeMap<>(), Map.of());
  }

  @Nullable KeyspaceState find(String name) {
    return byName.get(name);
  }

  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  int size() {
    return byName.size();
  }

  /** Returns the number a keyspace's entries had then, or null if it did not exist then. */
  @Nullable Integer dataId(KeyspaceState state) {
    return dataIdByHandleId.get(state.handleId());
  }

  @Override
  public Set<Integer> dataIds() {
    return dataIds;
  }

  @Override
  public boolean passes() {
    return current.get() == this;
  }

  /** Returns these keyspaces with one more, or with one of another name or number. */
  Keyspaces with(KeyspaceState state, String name, int dataId) {
    NavigableMap<String, KeyspaceState> names = namesWithout(state);
    names.put(name, state);
    Map<Integer, Integer> ids = new HashMap<>(dataIdByHandleId);
    ids.put(state.handleId(), dataId);
    return new Keyspaces(current, names, ids);
  }

  /** Returns these keyspaces without one. */
  Keyspaces without(KeyspaceState state) {
    Map<Integer, Integer> ids = new HashMap<>(dataIdByHandleId);
    ids.remove(state.handleId());
    return new Keyspaces(current, namesWithout(state), ids);
  }

  private NavigableMap<String, KeyspaceState> namesWithout(KeyspaceState state) {
    NavigableMap<String, KeyspaceState> names = new TreeMap<>(byName);
    names.values().remove(state);
    return names;
  }
}
