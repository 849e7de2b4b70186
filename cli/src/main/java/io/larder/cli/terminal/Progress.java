package io.larder.cli.terminal;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far long work has come: a bar that moves on a terminal, a line per quarter elsewhere, so that logs stay
 * readable. Not thread-safe; whoever opened it closes it.
 */
public final class Progress implements AutoCloseable {

  private final @Nullable ProgressBar bar;
  private final PrintWriter out;
  private final String task;
  private final long total;
  private long quartersShown;

  private Progress(@Nullable ProgressBar bar, PrintWriter out, String task, long total) {
    this.bar = bar;
    this.out = out;
    this.task = task;
    this.total = total;
  }

  /** Starts showing a task of {@code total} steps. */
  public static Progress start(PrintWriter out, String task, long total) {
    if (!Terminal.isInteractive()) {
      return new Progress(null, out, task, total);
    }
    out.flush();
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("  " + task)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(100)
            .setMaxRenderedLength(78)
            .hideEta()
            .build();
    return new Progress(bar, out, task, total);
  }

  /** Tells how many steps are done. */
  public void reached(long done) {
    if (bar != null) {
      bar.stepTo(done);
      return;
    }
    long quarters = total == 0 ? 4 : done * 4 / total;
    if (quarters > quartersShown) {
      quartersShown = quarters;
      out.printf(
          "  %s %3d %%  %,d of %,d%n", task, total == 0 ? 100 : done * 100 / total, done, total);
      out.flush();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
