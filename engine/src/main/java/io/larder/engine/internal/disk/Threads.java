package io.larder.engine.internal.disk;

/** Waiting for threads to end. Stateless. */
final class Threads {
  private Threads() {}

  /** Waits for a thread to end, whatever interrupts; an interrupt is kept for later. */
  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
