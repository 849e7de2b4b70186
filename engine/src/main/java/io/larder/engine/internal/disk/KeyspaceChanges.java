package io.larder.engine.internal.disk;

import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.manifest.KeyspaceRecord;
import io.larder.engine.internal.manifest.VersionEdit;
import io.larder.engine.internal.mvcc.PreparedBatch;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Changes of the keyspaces, each in the log and in the manifest, one after the other. Thread-safe; its lock is taken before
 * the manifest's and the commit lock.
 *
 * <p>A change that is in the log and did not reach the manifest was never made. So that whoever reads the log later knows,
 * the log is told again which keyspaces there are before anything else is committed. That list is read from the manifest and
 * committed under the same lock as every change: none can come in between and be undone by it.
 */
final class KeyspaceChanges {
  private final GuardedManifest manifest;
  private final BiConsumer<PreparedBatch, SyncMode> commits;
  private final ReentrantLock lock = new ReentrantLock();
  private final LongAdder committed = new LongAdder();

  /** Whether the log must be told. Written under the lock, or before there are others. */
  private volatile boolean unlogged;

  /** Whether the list is on its way, whose commit comes here too; guarded by the lock. */
  private boolean logging;

  /**
   * Creates what changes the keyspaces of a database.
   *
   * @param commits commits a batch; may call {@link #logAllIfDue}
   */
  KeyspaceChanges(GuardedManifest manifest, BiConsumer<PreparedBatch, SyncMode> commits) {
    this.manifest = manifest;
    this.commits = commits;
  }

  List<KeyspaceDefinition> present() {
    return List.copyOf(manifest.version().keyspaces().values());
  }

  int lastId() {
    return manifest.version().lastKeyspaceId();
  }

  /** Returns how many commits were made here. */
  long committed() {
    return committed.sum();
  }

  /** Returns what is found while no keyspace changes. */
  <T> T whileUnchanged(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Hears that the log may have changes that the manifest has not. Before the first commit. */
  void logMayDiffer() {
    unlogged = lastId() > 0;
  }

  /** Returns whether the log must still be told; it must not end in order then. */
  boolean isLogDue() {
    return unlogged;
  }

  /**
   * Tells the log which keyspaces there are if it must be told. When this returns to a thread that commits something else,
   * it is done.
   */
  void logAllIfDue() {
    if (!unlogged) {
      return;
    }
    lock.lock();
    try {
      if (unlogged && !logging) {
        logAll();
        unlogged = false;
      }
    } finally {
      lock.unlock();
    }
  }

  private void logAll() {
    List<KeyspaceDefinition> keyspaces = present();
    PreparedBatch batch = new PreparedBatch(1 + keyspaces.size());
    batch.add(KeyspaceRecord.KEYSPACE_ID, KeyspaceRecord.keyOfAll(), null, 0);
    addTo(batch, keyspaces);
    logging = true;
    try {
      commit(batch, SyncMode.NONE);
    } finally {
      logging = false;
    }
  }

  /**
   * Makes a change durable: in the log, and in the manifest.
   *
   * @param changed keyspaces that are new or otherwise now
   * @param droppedHandleIds those that are no more
   * @param lastId the highest number given to any
   */
  void save(List<KeyspaceDefinition> changed, List<Integer> droppedHandleIds, int lastId) {
    lock.lock();
    try {
      log(changed, droppedHandleIds);
      boolean edited = false;
      try {
        edit(changed, droppedHandleIds, lastId);
        edited = true;
      } finally {
        unlogged |= !edited;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts the change into the order of all changes. It is synced, and all commits before it are: the edit that follows is
   * durable at once, and what was committed before it must not be lost after it.
   */
  private void log(List<KeyspaceDefinition> changed, List<Integer> droppedHandleIds) {
    PreparedBatch batch = new PreparedBatch(changed.size() + droppedHandleIds.size());
    addTo(batch, changed);
    for (int handleId : droppedHandleIds) {
      batch.add(KeyspaceRecord.KEYSPACE_ID, KeyspaceRecord.key(handleId), null, 0);
    }
    commit(batch, SyncMode.ALWAYS);
  }

  private static void addTo(PreparedBatch batch, List<KeyspaceDefinition> keyspaces) {
    for (KeyspaceDefinition keyspace : keyspaces) {
      byte[] key = KeyspaceRecord.key(keyspace.handleId());
      batch.add(KeyspaceRecord.KEYSPACE_ID, key, KeyspaceRecord.value(keyspace), 0);
    }
  }

  private void commit(PreparedBatch batch, SyncMode sync) {
    commits.accept(batch, sync);
    committed.increment();
  }

  private void edit(List<KeyspaceDefinition> changed, List<Integer> droppedHandleIds, int lastId) {
    VersionEdit edit = new VersionEdit().lastKeyspaceId(lastId);
    changed.forEach(edit::setKeyspace);
    droppedHandleIds.forEach(edit::dropKeyspace);
    manifest.edit(edit);
  }
}
