package io.larder.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Reads clocks around a piece of work: wall time, CPU time of the calling threads and of the whole
 * process, heap bytes allocated. Stateless and thread-safe; one measurement at a time gives honest
 * process CPU times.
 */
public final class Meter {

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final com.sun.management.OperatingSystemMXBean PROCESS =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Meter() {}

  /** A slice of work; returns how many operations it did. */
  @FunctionalInterface
  public interface Slice {
    /** Does the next operations. */
    long run() throws Exception;

    /** Gives back what the slice holds; called on its thread, after the clocks were read. */
    default void close() throws Exception {}

    /** A slice that closes {@code resource} at its end. */
    static Slice closing(AutoCloseable resource, Slice work) {
      return new Slice() {
        @Override
        public long run() throws Exception {
          return work.run();
        }

        @Override
        public void close() throws Exception {
          resource.close();
        }
      };
    }
  }

  /** Makes the work of one thread, on that thread. */
  @FunctionalInterface
  public interface SliceFactory {
    /** The slice that thread number {@code thread} repeats. */
    Slice create(int thread) throws Exception;
  }

  private record Share(long operations, long endNanos, long cpuNanos, long allocatedBytes) {}

  private record Run(List<Share> shares, long startNanos, long processCpuNanos) {}

  /** Runs one slice once on the calling thread. */
  public static Measurement once(Slice slice) throws Exception {
    long process = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    Share share = loop(slice, start);
    return sum(new Run(List.of(share), start, PROCESS.getProcessCpuTime() - process));
  }

  /** Repeats a slice on the calling thread until the time is over. */
  public static Measurement repeat(long millis, Slice slice) throws Exception {
    long process = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    Share share = loop(slice, start + millis * 1_000_000);
    return sum(new Run(List.of(share), start, PROCESS.getProcessCpuTime() - process));
  }

  /** Repeats slices on several threads, started together, until the time is over. */
  public static Measurement repeat(int threads, long millis, SliceFactory factory)
      throws Exception {
    return sum(runTogether(threads, millis, factory));
  }

  /** The same, with a reading for each thread; the process CPU time of each is that of all. */
  public static List<Measurement> repeatEach(int threads, long millis, SliceFactory factory)
      throws Exception {
    Run run = runTogether(threads, millis, factory);
    List<Measurement> readings = new ArrayList<>();
    for (Share share : run.shares()) {
      readings.add(sum(new Run(List.of(share), run.startNanos(), run.processCpuNanos())));
    }
    return readings;
  }

  private static Run runTogether(int threads, long millis, SliceFactory factory) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      long[] startNanos = new long[1];
      long[] processNanos = new long[1];
      CyclicBarrier together =
          new CyclicBarrier(
              threads,
              () -> {
                processNanos[0] = PROCESS.getProcessCpuTime();
                startNanos[0] = System.nanoTime();
              });
      List<Future<Share>> futures = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        Callable<Share> work =
            () -> {
              Slice slice = factory.create(number);
              together.await(60, TimeUnit.SECONDS);
              try {
                return loop(slice, startNanos[0] + millis * 1_000_000);
              } finally {
                slice.close();
              }
            };
        futures.add(executor.submit(work));
      }
      List<Share> shares = new ArrayList<>();
      for (Future<Share> future : futures) {
        shares.add(await(future));
      }
      return new Run(shares, startNanos[0], PROCESS.getProcessCpuTime() - processNanos[0]);
    } finally {
      executor.shutdownNow();
    }
  }

  private static Share await(Future<Share> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a measuring thread failed", failure.getCause());
    }
  }

  private static Share loop(Slice slice, long deadlineNanos) throws Exception {
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long operations = 0;
    long now;
    do {
      operations += slice.run();
      now = System.nanoTime();
    } while (now < deadlineNanos);
    return new Share(
        operations,
        now,
        THREADS.getCurrentThreadCpuTime() - cpu,
        THREADS.getCurrentThreadAllocatedBytes() - allocated);
  }

  private static Measurement sum(Run run) {
    long operations = 0;
    long cpu = 0;
    long allocated = 0;
    long end = run.startNanos();
    for (Share share : run.shares()) {
      operations += share.operations();
      cpu += share.cpuNanos();
      allocated += share.allocatedBytes();
      end = Math.max(end, share.endNanos());
    }
    return new Measurement(
        operations, end - run.startNanos(), cpu, run.processCpuNanos(), allocated);
  }
}
