package io.larder.engine.internal.io;

import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.LockHeldException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of a lock file, held by this process. Thread-safe; whoever acquired it closes it.
 *
 * <p>The trap it avoids: on POSIX systems, closing <em>any</em> handle of a file drops every lock the
 * process has on it, while {@link FileLock#isValid} goes on saying true. So a file locked by this JVM is
 * never opened a second time. Which files those are stands in the system properties, keyed by inode,
 * because the engine may be loaded by several class loaders whose static fields do not see each other.
 *
 * <p>A lock whose file was deleted or replaced protects nothing, since the next opener would lock a new
 * file; {@link #isValid} therefore also compares the inode the name has now.
 */
final class LocalLock implements FileSystem.Lock {
  private static final String PROPERTY_PREFIX = "io.larder.held-lock.";
  private static final int OWNER_BYTES_MAX = 4096;

  /** Guards opening and closing lock files in this class loader. */
  private static final ReentrantLock REGISTRY = new ReentrantLock();

  private final Path path;
  private final String identity;
  private final AsynchronousFileChannel channel;
  private final FileLock lock;

  private LocalLock(Path path, String identity, AsynchronousFileChannel channel, FileLock lock) {
    this.path = path;
    this.identity = identity;
    this.channel = channel;
    this.lock = lock;
  }

  static LocalLock acquire(Path path, String owner) throws IOException {
    REGISTRY.lock();
    try {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        refuseIfHeldHere(path, identityOf(path));
      }
      AsynchronousFileChannel channel =
          LocalFileSystem.openChannel(
              path,
              Set.of(
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.CREATE,
                  LinkOption.NOFOLLOW_LINKS));
      boolean acquired = false;
      try {
        LocalLock held = lockOpened(path, channel, owner);
        acquired = true;
        return held;
      } finally {
        if (!acquired) {
          channel.close();
        }
      }
    } finally {
      REGISTRY.unlock();
    }
  }

  private static LocalLock lockOpened(Path path, AsynchronousFileChannel channel, String owner)
      throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw new LockHeldException(path + ": is locked by this process", "");
    }
    if (lock == null) {
      String holder = readOwner(path, channel);
      throw new LockHeldException(path + ": is locked by another process: " + holder, holder);
    }
    String identity = identityOf(path);
    tellOwner(new LocalFile(path, channel), owner);
    if (System.getProperties().putIfAbsent(PROPERTY_PREFIX + identity, owner) != null) {
      throw new LockHeldException(path + ": is locked by this process", owner);
    }
    return new LocalLock(path, identity, channel, lock);
  }

  /** Says who holds the lock. A disk may have no room for it: then nobody is named, rather than whoever was before. */
  private static void tellOwner(LocalFile file, String owner) throws IOException {
    byte[] text = owner.getBytes(StandardCharsets.UTF_8);
    try {
      file.write(0, ByteBuffer.wrap(text));
      file.truncate(text.length);
    } catch (IOException e) {
      if (!FullDisk.isCauseOf(e)) {
        throw e;
      }
      file.truncate(0);
    }
  }

  private static void refuseIfHeldHere(Path path, String identity) throws LockHeldException {
    String holder = System.getProperty(PROPERTY_PREFIX + identity);
    if (holder != null) {
      throw new LockHeldException(path + ": is locked by this process: " + holder, holder);
    }
  }

  private static String readOwner(Path path, AsynchronousFileChannel channel) {
    ByteBuffer text = ByteBuffer.allocate(OWNER_BYTES_MAX);
    try {
      int length = new LocalFile(path, channel).read(0, text);
      return new String(text.array(), 0, Math.max(0, length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // the text is a courtesy; that the lock is held stands without it
    }
  }

  private static String identityOf(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Object key = attributes.fileKey();
    return key != null ? key.toString() : path.toRealPath().toString();
  }

  @Override
  public boolean isValid() {
    if (!lock.isValid()) {
      return false;
    }
    try {
      return identityOf(path).equals(identity);
    } catch (IOException e) {
      return false; // no file of that name any more
    }
  }

  @Override
  public void close() throws IOException {
    REGISTRY.lock();
    try {
      if (channel.isOpen()) {
        try {
          channel.close();
        } finally {
          System.clearProperty(
              PROPERTY_PREFIX + identity); // closing drops the lock even if it fails
        }
      }
    } finally {
      REGISTRY.unlock();
    }
  }
}
