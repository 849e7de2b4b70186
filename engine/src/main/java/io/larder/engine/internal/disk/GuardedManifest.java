package io.larder.engine.internal.disk;

import io.larder.engine.api.ClosedException;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.manifest.VersionEdit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The manifest behind a lock; a failed edit stops writes. Thread-safe. Closing waits for the edit under way, and
 * refuses those that come later, since another process may own the directory by then.
 */
final class GuardedManifest implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Manifest manifest;
  private final Health health;

  /** Guarded by {@code lock}. */
  private boolean closed;

  GuardedManifest(Manifest manifest, Health health) {
    this.manifest = manifest;
    this.health = health;
  }

  /**
   * Makes an edit durable.
   *
   * @throws ClosedException after {@link #close}; nothing was written then
   */
  void edit(VersionEdit edit) {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedException("The database " + health.directory() + " is closed");
      }
      append(edit);
    } finally {
      lock.unlock();
    }
  }

  private void append(VersionEdit edit) {
    try {
      health.requireWritable();
      manifest.append(edit);
    } catch (Throwable e) {
      health.fail(e);
      throw e;
    }
  }

  /** Notes that the manifest is complete as it is, as an orderly close does. */
  void seal() {
    lock.lock();
    try {
      health.requireWritable();
      manifest.seal();
    } catch (Throwable e) {
      health.fail(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  Version version() {
    lock.lock();
    try {
      return manifest.version();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      manifest.close();
    } finally {
      lock.unlock();
    }
  }
}
