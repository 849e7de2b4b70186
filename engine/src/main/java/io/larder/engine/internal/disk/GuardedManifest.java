package io.larder.engine.internal.disk;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.manifest.VersionEdit;
import io.larder.engine.spi.FileSystem;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The manifest behind a lock; a failed edit stops writes. Thread-safe. Closing waits for the edit under way, and
 * refuses those that come later, since another process may own the directory by then. An edit also asks whether the
 * lock file is still the one that was locked: a database whose lock file somebody deleted can be opened a second time,
 * and then the first one must not change what the second believes in.
 */
final class GuardedManifest implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Manifest manifest;
  private final Health health;
  private final FileSystem.Lock directoryLock;

  /** Guarded by {@code lock}. */
  private boolean closed;

  GuardedManifest(Manifest manifest, Health health, FileSystem.Lock directoryLock) {
    this.manifest = manifest;
    this.health = health;
    this.directoryLock = directoryLock;
  }

  /**
   * Makes an edit durable.
   *
   * @throws ClosedException after {@link #close}; nothing was written then
   * @throws DiskFullException if there is no room; all is as it was then
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
      requireLocked();
      manifest.append(edit);
    } catch (DiskFullException e) {
      throw e; // nothing changed
    } catch (Throwable e) {
      health.fail(e);
      throw e;
    }
  }

  private void requireLocked() {
    if (!directoryLock.isValid()) {
      throw new StorageException(
          health.directory()
              + ": the lock file was deleted or replaced while the database was open, so another"
              + " process may have opened it");
    }
  }

  /** Notes that the manifest is complete as it is, as an orderly close does. */
  void seal() {
    lock.lock();
    try {
      health.requireWritable();
      requireLocked();
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
