package io.larder.engine.internal.memtable;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.StoredBytes;
import io.larder.engine.internal.memtable.Leaves.LeafCopy;
import io.larder.engine.internal.memtable.Memtable.Trees;

/**
 * Walks a memtable's versions in either direction while it is being written. One thread; owns nothing but copies of
 * single leaves.
 *
 * <p>The newest versions of a leaf's keys are resolved together when the leaf is copied: fourteen independent loads
 * overlap, where one at a time would wait for each.
 */
final class MemtableCursor implements EntryCursor {
  private static final byte[] NO_CHUNK = new byte[0];

  private final Memtable memtable;
  private final Arena arena;
  private final IntColumn heads;
  private final boolean descending;
  private final LeafCopy copy = new LeafCopy();
  private final LeafCopy scratch = new LeafCopy();
  private final int[] references = new int[Leaves.CAPACITY];
  private Trees trees;
  private int treeIndex;
  private int index;

  /** Whether the next key is the one at {@link #index}, not the one after it. */
  private boolean pending;

  private boolean onEntry;
  private boolean ended;
  private byte[] chunk = NO_CHUNK;
  private int start;

  /** Written so that the loads in {@link #resolve} are not optimised away; has no meaning. */
  @SuppressWarnings("UnusedVariable") // see above
  private int touched;

  MemtableCursor(Memtable memtable, boolean descending) {
    this.memtable = memtable;
    this.arena = memtable.arena();
    this.heads = memtable.heads();
    this.descending = descending;
    this.trees = memtable.trees();
    rewind();
  }

  @Override
  public void rewind() {
    trees = memtable.trees();
    standBefore(descending ? trees.ids.length - 1 : 0);
  }

  private void standBefore(int tree) {
    treeIndex = descending ? tree + 1 : tree - 1;
    copy.count = 0;
    index = 0;
    pending = true;
    onEntry = false;
    ended = false;
  }

  @Override
  public void seek(int keyspaceId, byte[] key) {
    trees = memtable.trees();
    int position = trees.ceiling(keyspaceId);
    boolean known = position < trees.ids.length && trees.ids[position] == keyspaceId;
    if (!known) {
      standBefore(descending ? position - 1 : position);
      return;
    }
    treeIndex = position;
    KeyTree tree = trees.trees[position];
    index =
        descending
            ? tree.seekDescending(key, 0, key.length, false, copy, scratch)
            : tree.seekAscending(key, 0, key.length, copy);
    resolve();
    pending = true;
    onEntry = false;
    ended = false;
  }

  @Override
  public boolean next() {
    if (onEntry) {
      int older = Arena.older(chunk, start);
      if (older != 0) {
        load(older);
        return true;
      }
    }
    return nextKey();
  }

  @Override
  public boolean nextKey() {
    if (ended) {
      return false;
    }
    if (pending) {
      pending = false;
    } else {
      index += descending ? -1 : 1;
    }
    while (index < 0 || index >= copy.count) {
      if (!moveToNextLeaf() && !moveToNextTree()) {
        ended = true;
        onEntry = false;
        return false;
      }
    }
    load(references[index]);
    onEntry = true;
    return true;
  }

  private void load(int reference) {
    chunk = arena.chunk(reference);
    start = Arena.offset(reference);
  }

  private boolean moveToNextLeaf() {
    if (!onEntry) {
      return false;
    }
    KeyTree tree = trees.trees[treeIndex];
    int offset = keyOffset();
    int length = keyLength();
    if (descending) {
      index = tree.seekDescending(chunk, offset, length, true, copy, scratch);
      resolve();
      return index >= 0;
    }
    index = tree.nextLeaf(chunk, offset, length, copy);
    resolve();
    return index < copy.count;
  }

  private boolean moveToNextTree() {
    treeIndex += descending ? -1 : 1;
    if (treeIndex < 0 || treeIndex >= trees.trees.length) {
      return false;
    }
    onEntry = false;
    KeyTree tree = trees.trees[treeIndex];
    if (descending) {
      tree.last(copy);
      index = copy.count - 1;
    } else {
      tree.first(copy);
      index = 0;
    }
    resolve();
    return true;
  }

  private void resolve() {
    int from = descending ? 0 : Math.max(index, 0);
    int to = descending ? index + 1 : copy.count;
    for (int i = from; i < to; i++) {
      references[i] = heads.getAcquire(copy.keyNumbers[i]);
    }
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += arena.touch(references[i]);
    }
    if (!descending && copy.next != 0) {
      sum += memtable.leaves().touch(copy.next);
    }
    touched = sum;
  }

  @Override
  public boolean isDescending() {
    return descending;
  }

  @Override
  public int keyspaceId() {
    return Arena.keyspaceId(chunk, start);
  }

  @Override
  public long sequence() {
    return Arena.sequence(chunk, start);
  }

  @Override
  public boolean isDelete() {
    return Arena.isDelete(chunk, start);
  }

  @Override
  public long expiresAtMillis() {
    return Arena.expiresAtMillis(chunk, start);
  }

  @Override
  public byte[] keyArray() {
    return chunk;
  }

  @Override
  public int keyOffset() {
    return start + Arena.RECORD_HEADER_BYTES;
  }

  @Override
  public int keyLength() {
    return Arena.keyLength(chunk, start);
  }

  @Override
  public int valueLength() {
    return Arena.valueLength(chunk, start);
  }

  @Override
  public void copyValue(byte[] target, int offset) {
    int valueStart = keyOffset() + keyLength();
    System.arraycopy(chunk, valueStart, target, offset, valueLength());
  }

  @Override
  public void viewValue(StoredBytes view) {
    view.set(chunk, keyOffset() + keyLength(), valueLength());
  }

  @Override
  public void close() {
    ended = true;
    onEntry = false;
    pending = false;
    chunk = NO_CHUNK;
  }
}
