package io.larder.cli.terminal;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far long work has come: a bar that moves on the error output if that is a terminal.
 * Elsewhere nothing, or where the output is a story to be read afterwards a line per quarter. Not
 * thread-safe; whoever opened it closes it.
 */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 78;

  private final @Nullable ProgressBar bar;
  private final @Nullable PrintWriter story;
  private final String task;
  private final long total;
  private long quartersShown;

  private Progress(
      @Nullable ProgressBar bar, @Nullable PrintWriter story, String task, long total) {
    this.bar = bar;
    this.story = story;
    this.task = task;
    this.total = total;
  }

  /**
   * Starts showing a task of {@code total} steps; where no bar can move, a line per quarter is
   * printed.
   */
  public static Progress start(PrintWriter out, String task, long total) {
    if (!Terminal.isInteractive()) {
      return new Progress(null, out, task, total);
    }
    out.flush();
    return new Progress(
        bar("  " + task, total, new ConsoleProgressBarConsumer(System.err, WIDTH)).build(),
        null,
        task,
        total);
  }

  /** Starts showing a task of {@code total} steps, on a terminal only. */
  public static Progress quiet(String task, long total) {
    ProgressBar bar = Terminal.isErr() ? bar(task, total, new Vanishing()).build() : null;
    return new Progress(bar, null, task, total);
  }

  /** Starts showing a task of {@code total} bytes, on a terminal only. */
  public static Progress bytes(String task, long total) {
    ProgressBar bar =
        Terminal.isErr() ? bar(task, total, new Vanishing()).setUnit(" MB", 1 << 20).build() : null;
    return new Progress(bar, null, task, total);
  }

  private static ProgressBarBuilder bar(String task, long total, ProgressBarConsumer consumer) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(100)
        .setConsumer(consumer)
        .hideEta();
  }

  /** Leaves the line as it was before: what is printed next stands there. */
  private static final class Vanishing extends ConsoleProgressBarConsumer {
    Vanishing() {
      super(System.err, WIDTH);
    }

    @Override
    public void close() {
      System.err.print("\r" + " ".repeat(WIDTH) + "\r");
      System.err.flush();
    }
  }

  /** Tells how many steps are done. */
  public void reached(long done) {
    if (bar != null) {
      bar.stepTo(done);
      return;
    }
    long quarters = total == 0 ? 4 : done * 4 / total;
    if (story != null && quarters > quartersShown) {
      quartersShown = quarters;
      story.printf(
          "  %s %3d %%  %,d of %,d%n", task, total == 0 ? 100 : done * 100 / total, done, total);
      story.flush();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
