package io.larder.engine.internal.database;

import io.larder.engine.api.ConflictException;
import io.larder.engine.api.KeyRange;
import io.larder.engine.internal.mvcc.RecentWrites;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a serializable transaction has read: keys by their hash, and ranges. Used by one thread.
 *
 * <p>Validation holds it against the keys that others changed since the snapshot ({@link RecentWrites}): first all
 * recorded so far without a lock, then, under the commit lock, the few that came meanwhile. If nothing read was changed,
 * the transaction would read the same at its place in the order of commits, so it is as if it ran there alone.
 *
 * <p>Whenever it does not know, it assumes a conflict: two keys of one hash, more keys or ranges than are kept for a
 * keyspace (then it stands for the whole keyspace), changes that are not recorded any more.
 */
final class ReadSet {
  private final EmbeddedDatabase database;
  private final RecentWrites recentWrites;
  private final Map<Integer, KeyspaceReads> byDataId = new HashMap<>();
  private @Nullable KeyspaceReads lastUsed;
  private long snapshotSequence;

  /** The changes up to here are known not to touch anything read. */
  private long checkedSequence;

  private boolean closed;

  /**
   * Creates an empty set. The transaction's snapshot is to be taken afterwards: from now on all changes are
   * recorded, and those that were on their way before are visible.
   */
  ReadSet(EmbeddedDatabase database) {
    this.database = database;
    this.recentWrites = database.engine().commits().recentWrites();
    long floor = recentWrites.open();
    try {
      // commits on their way when recording starts are not recorded, so the snapshot has to see
      // them
      database.awaitVisible(floor);
    } catch (Throwable e) {
      recentWrites.close();
      throw e;
    }
  }

  /** Tells where the snapshot is. */
  void begin(long sequence) {
    snapshotSequence = sequence;
    checkedSequence = sequence;
  }

  void addKey(StoredKeyspace keyspace, int dataId, byte[] key) {
    of(keyspace, dataId).addKey(key);
  }

  /** Returns what keeps up with a cursor. */
  WalkedRange walk(StoredKeyspace keyspace, int dataId, KeyRange range, boolean descending) {
    return new WalkedRange(of(keyspace, dataId), range, descending);
  }

  private KeyspaceReads of(StoredKeyspace keyspace, int dataId) {
    KeyspaceReads reads = lastUsed;
    if (reads == null || reads.dataId() != dataId) {
      reads =
          byDataId.computeIfAbsent(
              dataId, id -> new KeyspaceReads(keyspace, id, database.hashSeed()));
      lastUsed = reads;
    }
    return reads;
  }

  /** Checks what was committed until now; to be called before the commit lock is taken. */
  void checkEarly() {
    byDataId.values().forEach(KeyspaceReads::prepare);
    check();
  }

  /** Checks everything committed. Requires: the commit lock, and {@link #checkEarly} before. */
  void checkAtLast() {
    for (KeyspaceReads reads : byDataId.values()) {
      if (reads.keyspace().state().dataId() != reads.dataId()) {
        throw new ConflictException(
            "The keyspace '"
                + reads.keyspace().name()
                + "', which the transaction read, was cleared or dropped since it began; begin again");
      }
    }
    check();
  }

  private void check() {
    if (byDataId.isEmpty()) {
      return;
    }
    long reached = recentWrites.visitAfter(checkedSequence, this::requireUnread);
    if (reached < 0) {
      throw new ConflictException(
          "So many changes were committed since the transaction began at "
              + snapshotSequence
              + " that it cannot be told any more whether they touch what it read; begin again");
    }
    checkedSequence = reached;
  }

  private void requireUnread(int dataId, byte[] key, long sequence) {
    KeyspaceReads reads = lastUsed;
    if (reads == null || reads.dataId() != dataId) {
      reads = byDataId.get(dataId);
      if (reads == null) {
        return;
      }
      lastUsed = reads;
    }
    String how = reads.howRead(key);
    if (how != null) {
      throw new ConflictException(
          "The key "
              + Keys.shown(key)
              + " of the keyspace '"
              + reads.keyspace().name()
              + "', "
              + how
              + ", was changed by commit "
              + sequence
              + " after the transaction began at "
              + snapshotSequence
              + "; begin again");
    }
  }

  void close() {
    if (!closed) {
      closed = true;
      recentWrites.close();
    }
  }
}
