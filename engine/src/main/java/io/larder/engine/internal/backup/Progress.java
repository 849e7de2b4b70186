package io.larder.engine.internal.backup;

import io.larder.engine.api.CancelledException;
import io.larder.engine.api.ProgressListener;

/** Tells a listener how far an operation is, about once a megabyte. Used by one thread. */
final class Progress {
  private static final long STEP_BYTES = 1 << 20;

  private final ProgressListener listener;
  private final String operation;
  private String phase = "";
  private long total;
  private long done;
  private long told;

  Progress(ProgressListener listener, String operation) {
    this.listener = listener;
    this.operation = operation;
  }

  /** Begins a phase of so many bytes. */
  void begin(String name, long totalBytes) {
    phase = name;
    total = totalBytes;
    done = 0;
    tell();
  }

  /** Counts bytes. */
  void add(long bytes) {
    done += bytes;
    if (done - told >= STEP_BYTES || done >= total) {
      tell();
    }
  }

  private void tell() {
    told = done;
    if (!listener.onProgress(phase, done, total)) {
      throw new CancelledException(
          operation + " was cancelled in the phase " + phase + " after " + done + " bytes");
    }
  }
}
