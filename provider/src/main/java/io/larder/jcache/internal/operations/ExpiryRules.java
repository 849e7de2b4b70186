package io.larder.jcache.internal.operations;

import io.larder.jcache.configuration.EntryExpiryPolicy;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.StoredValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Turns a cache's expiry policy into absolute expiries. Thread-safe as far as the policy is.
 *
 * <p>A policy that throws does not fail the operation: a new entry then never expires, and an accessed or updated
 * one keeps its expiry, which is also what null means. What was thrown is logged.
 */
public final class ExpiryRules<K, V> {
  /** The entry expires at this very moment. */
  static final long AT_ONCE = -1;

  private static final Logger LOGGER = System.getLogger(ExpiryRules.class.getName());

  private final ExpiryPolicy policy;
  private final @Nullable EntryExpiryPolicy<K, V> byEntry;
  private final Supplier<@Nullable Duration> creation;
  private final Supplier<@Nullable Duration> access;
  private final Supplier<@Nullable Duration> update;
  private final boolean updateIgnoresCurrent;

  /** Whether the policy is one of the standard's that say nothing of accesses. */
  private final boolean accessChangesNothing;

  /** Whether the policy is the standard's that says nothing of anything: entries keep the expiry they have, if any. */
  private final boolean eternal;

  /** Creates the rules of a policy. */
  public ExpiryRules(ExpiryPolicy policy) {
    this.policy = policy;
    this.byEntry = byEntry(policy);
    this.creation = policy::getExpiryForCreation; // once: a reference made anew is an object
    this.access = policy::getExpiryForAccess;
    this.update = policy::getExpiryForUpdate;
    this.eternal = policy.getClass() == EternalExpiryPolicy.class;
    this.accessChangesNothing =
        eternal
            || policy.getClass() == CreatedExpiryPolicy.class
            || policy.getClass() == ModifiedExpiryPolicy.class;
    this.updateIgnoresCurrent =
        policy.getClass() == ModifiedExpiryPolicy.class
            || policy.getClass() == TouchedExpiryPolicy.class;
  }

  @SuppressWarnings("unchecked") // a policy configured for the cache takes its keys and values
  private static <K, V> @Nullable EntryExpiryPolicy<K, V> byEntry(ExpiryPolicy policy) {
    return policy instanceof EntryExpiryPolicy<?, ?> seeing
        ? (EntryExpiryPolicy<K, V>) seeing
        : null;
  }

  /** Returns the policy, for closing. */
  public ExpiryPolicy policy() {
    return policy;
  }

  /** Returns whether creation and update give the same expiry, whatever the current one is. */
  boolean isUpdateLikeCreation() {
    return updateIgnoresCurrent;
  }

  /** Returns whether new entries live until they are removed, and nothing changes the expiry of others. */
  boolean isEternal() {
    return eternal;
  }

  /** Returns the expiry of a new entry. */
  long forCreation(K key, StoredValue<V> value, long nowMillis) {
    if (eternal) {
      return EntryStore.NEVER;
    }
    EntryExpiryPolicy<K, V> seeing = byEntry;
    Duration duration =
        seeing == null
            ? ask(creation, "creation")
            : ask(() -> seeing.getExpiryForCreation(key, value.value()), "creation");
    return duration == null ? EntryStore.NEVER : expiry(duration, nowMillis);
  }

  /** Returns the expiry of an entry that was updated. */
  long forUpdate(K key, StoredValue<V> value, long nowMillis, long currentMillis) {
    if (eternal) {
      return currentMillis;
    }
    EntryExpiryPolicy<K, V> seeing = byEntry;
    Duration duration =
        seeing == null
            ? ask(update, "update")
            : ask(() -> seeing.getExpiryForUpdate(key, value.value()), "update");
    return duration == null ? currentMillis : expiry(duration, nowMillis);
  }

  /** Returns the duration for an entry that was read; null = unchanged. */
  @Nullable Duration forAccess(K key, StoredValue<V> value) {
    if (accessChangesNothing) {
      return null;
    }
    EntryExpiryPolicy<K, V> seeing = byEntry;
    return seeing == null
        ? ask(access, "access")
        : ask(() -> seeing.getExpiryForAccess(key, value.value()), "access");
  }

  /** Returns the expiry a duration from now leads to. */
  static long expiry(Duration duration, long nowMillis) {
    if (duration.isEternal()) {
      return EntryStore.NEVER;
    } else if (duration.isZero()) {
      return AT_ONCE;
    }
    long expiresAtMillis = duration.getAdjustedTime(nowMillis);
    return expiresAtMillis < nowMillis ? EntryStore.NEVER : expiresAtMillis; // overflow
  }

  /** Returns the expiry an entry's own time to live leads to. */
  static long expiry(java.time.Duration timeToLive, long nowMillis) {
    if (timeToLive.isZero()) {
      return AT_ONCE;
    }
    try {
      return Math.addExact(nowMillis, Math.max(1, timeToLive.toMillis()));
    } catch (ArithmeticException e) {
      return EntryStore.NEVER;
    }
  }

  private static @Nullable Duration ask(Supplier<@Nullable Duration> question, String occasion) {
    try {
      return question.get();
    } catch (Exception e) { // checked ones, too: not every language has to declare them
      LOGGER.log(Level.WARNING, "The expiry policy failed on " + occasion, e);
      return null;
    }
  }
}
