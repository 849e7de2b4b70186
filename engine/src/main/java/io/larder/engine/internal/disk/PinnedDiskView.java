package io.larder.engine.internal.disk;

import io.larder.engine.internal.mvcc.ReadView;
import io.larder.engine.internal.mvcc.StorageEngine.PinnedView;
import java.util.concurrent.atomic.AtomicBoolean;

/** A view whose tables are held until closed. Thread-safe. */
final class PinnedDiskView implements PinnedView {
  private final DiskView view;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over one hold on the view's tables. */
  PinnedDiskView(DiskView view) {
    this.view = view;
  }

  @Override
  public ReadView view() {
    return view;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      view.tables().release();
    }
  }
}
