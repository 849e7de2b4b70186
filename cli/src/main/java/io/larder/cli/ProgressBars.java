package io.larder.cli;

import io.larder.cli.terminal.Progress;
import io.larder.engine.api.ProgressListener;
import org.jspecify.annotations.Nullable;

/**
 * Shows the phases of a long operation of the engine, a bar each, on a terminal only. For one
 * thread.
 */
final class ProgressBars implements ProgressListener, AutoCloseable {
  private @Nullable String shown;
  private @Nullable Progress progress;
  private long total;

  @Override
  public boolean onProgress(String phase, long doneBytes, long totalBytes) {
    if (progress == null || !phase.equals(shown) || totalBytes != total) {
      close();
      shown = phase;
      total = totalBytes;
      progress = Progress.bytes(phase, totalBytes);
    }
    progress.reached(Math.min(doneBytes, totalBytes));
    return true;
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }
}
