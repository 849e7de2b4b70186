package io.larder.engine.internal.mvcc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The cursors that are open, oldest first, so that one which nobody moves any more can be made to let go of what it
 * holds. Thread-safe.
 *
 * <p>Cursors are opened and closed often and looked at rarely, so they are spread over {@value #STRIPES} lists by the
 * thread that opens them, each with a lock of its own. Nothing else is locked under those.
 */
public final class OpenCursors {
  private static final int STRIPES = 16;

  /** What an open cursor holds. */
  public interface Hold {
    /** Lets go, for good; called by any thread, while the cursor's own may be using it. */
    void letGo();
  }

  /** One open cursor; links are guarded by the lock of its stripe. */
  public static final class Registration {
    private final Stripe stripe;
    private final Hold hold;
    private final long openedNanos;
    private @Nullable Registration older;
    private @Nullable Registration newer;
    private boolean registered = true;

    Registration(Stripe stripe, Hold hold, long openedNanos) {
      this.stripe = stripe;
      this.hold = hold;
      this.openedNanos = openedNanos;
    }
  }

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();
    @Nullable Registration oldest;
    @Nullable Registration newest;

    /** Requires: the lock. */
    boolean unlink(Registration registration) {
      if (!registration.registered) {
        return false;
      }
      registration.registered = false;
      Registration older = registration.older;
      Registration newer = registration.newer;
      if (older == null) {
        oldest = newer;
      } else {
        older.newer = newer;
      }
      if (newer == null) {
        newest = older;
      } else {
        newer.older = older;
      }
      registration.older = null;
      registration.newer = null;
      return true;
    }
  }

  private final Stripe[] stripes = new Stripe[STRIPES];

  OpenCursors() {
    for (int index = 0; index < STRIPES; index++) {
      stripes[index] = new Stripe();
    }
  }

  /** Remembers a cursor that is being opened, until {@link #close} or until it has been made to let go. */
  public Registration open(Hold hold, long nowNanos) {
    Stripe stripe = stripes[(int) Thread.currentThread().getId() & STRIPES - 1];
    Registration registration = new Registration(stripe, hold, nowNanos);
    stripe.lock.lock();
    try {
      registration.older = stripe.newest;
      if (stripe.newest == null) {
        stripe.oldest = registration;
      } else {
        stripe.newest.newer = registration;
      }
      stripe.newest = registration;
    } finally {
      stripe.lock.unlock();
    }
    return registration;
  }

  /** Forgets a cursor; does nothing the second time. */
  public void close(Registration registration) {
    Stripe stripe = registration.stripe;
    stripe.lock.lock();
    try {
      stripe.unlink(registration);
    } finally {
      stripe.lock.unlock();
    }
  }

  /** Makes the cursors let go that were opened longer ago than is allowed, and returns how many they were. */
  int letGoOlderThan(long ageNanos, long nowNanos) {
    List<Registration> tooOld = new ArrayList<>();
    for (Stripe stripe : stripes) {
      stripe.lock.lock();
      try {
        Registration each = stripe.oldest;
        while (each != null && nowNanos - each.openedNanos > ageNanos) {
          tooOld.add(each);
          stripe.unlink(each);
          each = stripe.oldest;
        }
      } finally {
        stripe.lock.unlock();
      }
    }
    tooOld.forEach(each -> each.hold.letGo());
    return tooOld.size();
  }
}
