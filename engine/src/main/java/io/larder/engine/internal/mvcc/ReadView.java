package io.larder.engine.internal.mvcc;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Lookup;
import java.util.List;

/**
 * Everything a storage engine holds at one moment: memtables and tables, newest first. Thread-safe; usable while
 * pinned.
 *
 * <p>Reader rule: take the view first, then the visible sequence number. A view never lacks what was visible
 * when it was taken, and merging keeps whatever is needed at or above the number visible when the merge began.
 *
 * <p>Of a batch that was committed between the two, the view may hold a part: what went to those of its memtables that
 * still take changes. Whoever reads more than one key of the newest state therefore takes both again until the view
 * {@linkplain StorageEngine#isNewest is still the newest} after the number was taken.
 */
public interface ReadView {
  /** Finds the newest version of a key at or below a sequence number, tombstones included. */
  boolean find(int keyspaceId, byte[] key, long maxSequence, Lookup result);

  /**
   * Brings what reading some keys of a list will need into the cache, where that is quicker than one after the other.
   *
   * @return a number without meaning, to be kept somewhere so that nothing is optimised away
   */
  default int warm(int keyspaceId, List<byte[]> keys, int from, int to) {
    return 0;
  }

  /** Returns the newest sequence number of a key if it is above a bound, otherwise any number not above it. */
  long newestSequence(int keyspaceId, byte[] key, long bound);

  /** Opens a cursor over all versions of everything up to the sequence number that is visible by now. */
  EntryCursor cursor(boolean descending);
}
