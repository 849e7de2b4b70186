package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.storage.EntryStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import javax.cache.expiry.Duration;
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
public final class ExpiryRules {
  /** The entry expires at this very moment. */
  static final long AT_ONCE = -1;

  private static final Logger LOGGER = System.getLogger(ExpiryRules.class.getName());

  private final ExpiryPolicy policy;
  private final boolean updateIgnoresCurrent;

  /** Creates the rules of a policy. */
  public ExpiryRules(ExpiryPolicy policy) {
    this.policy = policy;
    this.updateIgnoresCurrent =
        policy.getClass() == ModifiedExpiryPolicy.class
            || policy.getClass() == TouchedExpiryPolicy.class;
  }

  /** Returns the policy, for closing. */
  public ExpiryPolicy policy() {
    return policy;
  }

  /** Returns whether creation and update give the same expiry, whatever the current one is. */
  boolean isUpdateLikeCreation() {
    return updateIgnoresCurrent;
  }

  /** Returns the expiry of a new entry. */
  long forCreation(long nowMillis) {
    Duration duration = ask(policy::getExpiryForCreation, "creation");
    return duration == null ? EntryStore.NEVER : expiry(duration, nowMillis);
  }

  /** Returns the expiry of an entry that was updated. */
  long forUpdate(long nowMillis, long currentMillis) {
    Duration duration = ask(policy::getExpiryForUpdate, "update");
    return duration == null ? currentMillis : expiry(duration, nowMillis);
  }

  /** Returns the duration for an entry that was read; null = unchanged. */
  @Nullable Duration forAccess() {
    return ask(policy::getExpiryForAccess, "access");
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

  private static @Nullable Duration ask(Supplier<@Nullable Duration> question, String occasion) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "The expiry policy failed on " + occasion, e);
      return null;
    }
  }
}
