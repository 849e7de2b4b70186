package io.larder.engine.internal.disk;

import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.manifest.VersionEdit;
import java.util.concurrent.locks.ReentrantLock;

/** The manifest behind a lock; a failed edit stops writes. Thread-safe. */
final class GuardedManifest implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Manifest manifest;
  private final Health health;

  GuardedManifest(Manifest manifest, Health health) {
    this.manifest = manifest;
    this.health = health;
  }

  /** Makes an edit durable. */
  void edit(VersionEdit edit) {
    lock.lock();
    try {
      health.requireWritable();
      manifest.append(edit);
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
    manifest.close();
  }
}
