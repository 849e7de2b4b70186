package io.larder.engine.internal.disk;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.spi.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The one thread that flushes, merges and cleans up behind the commits, and the waiting room for those who need its
 * work done. Thread-safe.
 *
 * <p>Flushing goes first, even in the middle of a merge, and merges of new small runs go before a large one of old
 * runs, inside it. Automatic merges keep to a rate unless somebody waits for them. A failed flush stops writes; a merge
 * that fails leaves everything as it was, so it is put off and tried again, at first after a second, then ever later.
 */
final class Maintenance implements AutoCloseable {
  private static final String MERGE = "merge";
  private static final System.Logger LOG = LazyLogger.of(Maintenance.class);
  private static final long REST_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Without a signal for so long, writers are taken to have settled. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Thrown inside a merge to end it. */
  private static final class MergeEndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MergeEndedException(String reason) {
      super(reason, null, false, false);
    }
  }

  /** What the thread asks of the engine it works for. */
  interface Host {
    /** Whether somebody waits, or will soon, for merges to be done. */
    boolean isMergingUrgent();

    /** Hears how much of the flush under way is done, from 0 to 1. */
    void flushing(double share);

    /** Begins a new memtable if the present one is full or keeps too much of the log. */
    void freezeIfDue();

    /** Gives up the log that nobody needs any more. */
    void settleLog();

    /** Hears of a flush and how long it took. */
    void flushed(long bytes, long nanos);

    /** Returns whether there is room on the disk, as far as is known. */
    boolean hasRoom();

    /** Returns whether a failure is only that there is no room, and then remembers that. */
    boolean isOnlyFull(Throwable failure);
  }

  private final Compactor compactor;
  private final TableFiles files;
  private final Health health;
  private final Host host;
  private final Clock clock;
  private final MergeRate rate;
  private final MergeRetry retry;
  private final long sweepNanos;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workArrived = lock.newCondition();
  private final Condition workDone = lock.newCondition();
  private volatile boolean stopping;

  /** Guarded by {@code lock}. */
  private boolean signalled;

  /** Whether nothing was asked of the thread for a while; only the thread itself looks at it. */
  private boolean settled;

  /** The thread's own notes of the flush under way and those before it. */
  private long flushStartNanos;

  private long lastSliceNanos;
  private double slicesShare = 0.6;
  private boolean flushSeen;

  /** Those who want everything merged and wait for it to begin; guarded by {@code lock}. */
  private final List<MergeRequest> requests = new ArrayList<>();

  Maintenance(
      Compactor compactor, TableFiles files, Health health, Host host, Clock clock, Pace pace) {
    this.compactor = compactor;
    this.files = files;
    this.health = health;
    this.host = host;
    this.clock = clock;
    this.rate = new MergeRate(pace.mergeBytesPerSecond());
    this.retry = new MergeRetry(health.directory());
    this.sweepNanos = pace.sweepNanos();
    this.thread = new Thread(this::run, "larder-maintenance " + health.directory());
    this.thread.setDaemon(true);
  }

  /**
   * How fast and how often it works unasked.
   *
   * @param mergeBytesPerSecond how fast automatic merges read, 0 = no limit
   * @param sweepNanos how often it looks for what has become garbage by time
   */
  record Pace(long mergeBytesPerSecond, long sweepNanos) {}

  /** Returns whether merges fail at present and wait for their next try. */
  boolean areMergesPutOff() {
    return retry.isPutOff();
  }

  long mergeFailures() {
    return retry.failures();
  }

  void start() {
    thread.start();
  }

  /** Tells the thread to look for work. */
  void signal() {
    lock.lock();
    try {
      signalled = true;
      workArrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a condition holds that the thread's work brings about. */
  void await(BooleanSupplier condition) {
    boolean interrupted = false;
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        health.requireWritable();
        if (stopping) {
          throw new ClosedException("The database was closed meanwhile");
        }
        signalled = true;
        workArrived.signal();
        interrupted |= !pause();
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits a while for work to be done; returns false if interrupted. */
  @SuppressWarnings("WaitNotInLoop") // the caller loops
  private boolean pause() {
    try {
      // bounded, so that a condition nobody signals is still seen
      return workDone.awaitNanos(PAUSE_NANOS) <= PAUSE_NANOS;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Merges everything into one run, and returns when that is done; the listener is called by this thread. */
  void mergeAll(ProgressListener listener) {
    MergeRequest request = new MergeRequest();
    lock.lock();
    try {
      requests.add(request);
    } finally {
      lock.unlock();
    }
    try {
      hearProgress(request, listener);
    } catch (Throwable e) {
      request.cancel();
      throw e;
    }
    request.requireDone(health);
    listener.onProgress(MERGE, request.totalBytes(), request.totalBytes());
  }

  private void hearProgress(MergeRequest request, ProgressListener listener) {
    long heard = -1;
    while (!request.isFinished()) {
      long before = heard;
      await(() -> request.isFinished() || request.doneBytes() != before);
      heard = request.doneBytes();
      boolean asks = !request.isFinished() && !request.isCancelAsked();
      if (asks && !listener.onProgress(MERGE, heard, request.totalBytes())) {
        request.cancel();
      }
    }
  }

  private void run() {
    while (awaitWork()) {
      try {
        work();
      } catch (MergeEndedException e) {
        LOG.log(System.Logger.Level.DEBUG, "A merge was ended", e);
      } catch (Throwable e) {
        health.fail(e);
      }
      announce();
    }
  }

  /** Waits for work, or long enough to look for it unasked; returns false when it is time to end. */
  private boolean awaitWork() {
    lock.lock();
    try {
      long rest = settled ? sweepNanos : Math.min(SETTLED_NANOS, sweepNanos);
      if (retry.isPutOff()) {
        rest = Math.min(rest, SETTLED_NANOS);
      }
      while (!signalled && !stopping && rest > 0) {
        rest = workArrived.awaitNanos(rest);
      }
      settled = !signalled;
      signalled = false;
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "The maintenance thread ignores an interrupt", e);
    } finally {
      lock.unlock();
    }
    return !stopping;
  }

  private void announce() {
    lock.lock();
    try {
      workDone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    files.closeUnused();
    if (health.failure() != null) {
      return;
    }
    host.settleLog();
    flushAll();
    serveRequests();
    mergeWhatIsDue();
    files.closeUnused();
  }

  private void mergeWhatIsDue() {
    boolean frees = true;
    while (frees && !stopping && retry.isDue(clock.nanoTime())) {
      MergePlan plan = compactor.plan(settled);
      if (plan == null) {
        return;
      }
      try {
        // a rewrite that frees nothing, because of a snapshot taken meanwhile, would be planned
        // again at once
        frees = compactor.merge(plan, (done, total) -> afterSlice(plan)) > 0 || !plan.isSweep();
        retry.succeeded();
      } catch (StorageException | DiskFullException | OutOfMemoryError e) {
        putOff(e);
      }
      announce();
      files.closeUnused();
      flushAll();
      serveRequests();
    }
  }

  /** Leaves merging for later, unless the failure has stopped writes. */
  private void putOff(Throwable failure) {
    if (health.failure() != null) {
      return;
    }
    retry.failed(failure, clock.nanoTime());
  }

  /** Merges everything for all who asked for it by now; it ends early when none of them wants it any more. */
  private void serveRequests() {
    List<MergeRequest> served = takeRequests();
    if (served.isEmpty()) {
      return;
    }
    try {
      MergePlan all = compactor.planAll();
      if (all != null) {
        compactor.merge(all, (done, total) -> afterRequestedSlice(served, done, total));
      }
      served.forEach(MergeRequest::succeed);
    } catch (MergeEndedException e) {
      if (!stopping) { // who waits hears of the closing otherwise
        served.forEach(MergeRequest::endCancelled);
      }
      throw e;
    } catch (StorageException | DiskFullException | OutOfMemoryError e) {
      served.forEach(request -> request.fail(e));
    } catch (Throwable e) {
      health.fail(e);
      served.forEach(request -> request.fail(e));
      throw e;
    } finally {
      files.closeUnused();
      announce();
    }
  }

  private List<MergeRequest> takeRequests() {
    lock.lock();
    try {
      List<MergeRequest> taken = List.copyOf(requests);
      requests.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRequests() {
    lock.lock();
    try {
      return !requests.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void afterRequestedSlice(List<MergeRequest> served, long doneBytes, long totalBytes) {
    if (served.stream().allMatch(MergeRequest::isCancelAsked)) {
      throw new MergeEndedException("nobody wants the merge any more");
    }
    served.forEach(request -> request.progress(doneBytes, totalBytes));
    announce();
    flushBetweenSlices();
  }

  private void afterSlice(MergePlan plan) {
    if (hasRequests()) {
      signal();
      throw new MergeEndedException("everything is to be merged");
    }
    flushBetweenSlices();
    MergePlan newer = compactor.planNewer(plan);
    if (newer != null) {
      compactor.merge(newer, (done, total) -> afterSlice(newer));
      announce();
    }
    keepToRate();
  }

  private void keepToRate() {
    rate.take(MergePulse.SLICE_BYTES, clock.nanoTime());
    long wait = rate.waitNanos(clock.nanoTime());
    while (wait > 0 && !stopping && !hasRequests()) {
      if (host.isMergingUrgent()) {
        rate.forgive(clock.nanoTime());
        return;
      }
      long rested = rest(wait);
      flushBetweenSlices();
      // what was waited counts, also where the clock is one that stands still
      wait = Math.min(wait - rested, rate.waitNanos(clock.nanoTime()));
    }
    rate.forgive(clock.nanoTime());
  }

  /** Waits for time to pass, or for a signal; returns how long that is, at most. */
  private long rest(long nanos) {
    long most = Math.min(nanos, REST_NANOS_MAX);
    lock.lock();
    try {
      long left = most;
      while (!signalled && !stopping && left > 0) {
        left = workArrived.awaitNanos(left);
      }
      signalled = false;
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "The maintenance thread ignores an interrupt", e);
    } finally {
      lock.unlock();
    }
    return most;
  }

  /** Writes out what waits for it; on a full disk it waits on. */
  private void flushAll() {
    try {
      if (host.hasRoom()) {
        flushAllNow();
      }
    } catch (StorageException | DiskFullException e) {
      if (health.failure() != null || !host.isOnlyFull(e)) {
        throw e;
      }
    }
  }

  private void flushAllNow() {
    host.freezeIfDue();
    flushStartNanos = clock.nanoTime();
    long bytes = compactor.flushOldest(this::afterFlushedSlice);
    while (bytes > 0) {
      long end = clock.nanoTime();
      noteFlush(bytes, end);
      announce();
      // commits that passed while it ran may have left the log too large, with nobody to come
      host.freezeIfDue();
      flushStartNanos = end;
      bytes = compactor.flushOldest(this::afterFlushedSlice);
    }
  }

  /** Learns from a flush for how much of the next one its slices stand; the rest is filter, hash index and sync. */
  private void noteFlush(long bytes, long endNanos) {
    long nanos = endNanos - flushStartNanos;
    host.flushed(bytes, nanos);
    if (lastSliceNanos - flushStartNanos > 0 && nanos > 0) {
      double share = (double) (lastSliceNanos - flushStartNanos) / nanos;
      slicesShare += (Math.min(1, share) - slicesShare) / 2;
    }
    flushSeen = true;
  }

  private void afterFlushedSlice(long doneBytes, long totalBytes) {
    lastSliceNanos = clock.nanoTime();
    if (!flushSeen) {
      host.flushed((long) (doneBytes * slicesShare), lastSliceNanos - flushStartNanos);
    }
    host.flushing(slicesShare * Math.min(1, (double) doneBytes / totalBytes));
  }

  private void flushBetweenSlices() {
    if (stopping) {
      throw new MergeEndedException("the engine is closing");
    }
    flushAll();
  }

  /** Ends the thread after the slice it is in. */
  @Override
  public void close() {
    stopping = true;
    signal();
    announce();
    if (thread.isAlive()) {
      Threads.join(thread);
    }
  }
}
