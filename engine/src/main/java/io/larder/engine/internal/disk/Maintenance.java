package io.larder.engine.internal.disk;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.ProgressListener;
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
 * <p>Flushing goes first, even in the middle of a merge. The first failure stops writes, and with them this work.
 */
final class Maintenance implements AutoCloseable {
  private static final String MERGE = "merge";
  private static final System.Logger LOG = System.getLogger(Maintenance.class.getName());
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Thrown inside a merge to end it. */
  private static final class MergeEndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MergeEndedException(String reason) {
      super(reason, null, false, false);
    }
  }

  private final Compactor compactor;
  private final TableFiles files;
  private final Health health;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workArrived = lock.newCondition();
  private final Condition workDone = lock.newCondition();
  private volatile boolean stopping;

  /** Guarded by {@code lock}. */
  private boolean signalled;

  /** Those who want everything merged and wait for it to begin; guarded by {@code lock}. */
  private final List<MergeRequest> requests = new ArrayList<>();

  Maintenance(Compactor compactor, TableFiles files, Health health, String name) {
    this.compactor = compactor;
    this.files = files;
    this.health = health;
    this.thread = new Thread(this::run, "larder-maintenance " + name);
    this.thread.setDaemon(true);
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
      long rest = IDLE_NANOS;
      while (!signalled && !stopping && rest > 0) {
        rest = workArrived.awaitNanos(rest);
      }
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
    flushAll();
    serveRequests();
    List<SortedRun> picked = compactor.pick();
    while (!picked.isEmpty()) {
      compactor.merge(picked, this::afterSlice);
      announce();
      files.closeUnused();
      flushAll();
      serveRequests();
      picked = compactor.pick();
    }
    files.closeUnused();
  }

  /** Merges everything for all who asked for it by now; it ends early when none of them wants it any more. */
  private void serveRequests() {
    List<MergeRequest> served = takeRequests();
    if (served.isEmpty()) {
      return;
    }
    try {
      List<SortedRun> all = compactor.worthMerging();
      if (!all.isEmpty()) {
        compactor.merge(all, (done, total) -> afterRequestedSlice(served, done, total));
      }
      served.forEach(MergeRequest::succeed);
    } catch (MergeEndedException e) {
      if (!stopping) { // who waits hears of the closing otherwise
        served.forEach(MergeRequest::endCancelled);
      }
      throw e;
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

  private void afterSlice(long doneBytes, long totalBytes) {
    if (hasRequests()) {
      signal();
      throw new MergeEndedException("everything is to be merged");
    }
    flushBetweenSlices();
  }

  private void flushAll() {
    while (compactor.flushOldest()) {
      announce();
    }
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
