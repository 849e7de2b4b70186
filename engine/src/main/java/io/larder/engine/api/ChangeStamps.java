package io.larder.engine.api;

/**
 * Tells, for the price of one memory read, whether a key may have been changed since it was read; so that a cache of
 * decoded values above the database can be exact, whatever door changes come through. Thread-safe; obtained from
 * {@link Database#changeStamps} and shared by everyone who asks.
 *
 * <p>Keys share stripes. A stripe has a stamp, which is another one after every commit that changed a key of the
 * stripe, and {@linkplain #isStable unstable} from before the commit can be seen until after. How to keep a value:
 *
 * <pre>{@code
 * int stripe = stamps.stripeOf(key);
 * long stamp = stamps.stamp(stripe);      // before the read
 * Entry entry = keyspace.entry(key);
 * // keep the entry with stripe and stamp if ChangeStamps.isStable(stamp);
 * // it is the newest one as long as stamps.stamp(stripe) == stamp
 * }</pre>
 *
 * <p>Expiry changes no stamp: whoever keeps an entry judges its expiry by {@link Database#expiryTimeMillis}.
 */
public interface ChangeStamps {
  /** The bits of a stamp that count the changes under way. */
  int CHANGES_BITS = 24;

  /** By how much a stamp grows with a change that is done. */
  long VERSION = 1L << CHANGES_BITS;

  /** Returns the stripe of a key; keys of different keyspaces may share one. */
  int stripeOf(byte[] key);

  /** Returns the stamp of a stripe as it is now. */
  long stamp(int stripe);

  /** Returns whether no change was under way when a stamp was taken. */
  static boolean isStable(long stamp) {
    return (stamp & (VERSION - 1)) == 0;
  }

  /**
   * Returns whether between two stable stamps of a stripe exactly one change was made: for a writer who made one, its own.
   */
  static boolean isNext(long earlier, long later) {
    return isStable(earlier) && later == earlier + VERSION;
  }
}
