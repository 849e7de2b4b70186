package io.larder.engine.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system as the engine sees it: positional files, atomic rename, durable only after a sync.
 * Implementations are thread-safe.
 *
 * <p>What it does not promise, so that callers must not rely on it: a created, renamed or deleted name
 * survives a power loss only after {@link #syncDirectory} of its parent; written bytes only after
 * {@link StorageFile#sync}. A failed sync must never be retried. New files are readable by their owner
 * only (mode 600), new directories likewise (700). Links are never followed when a file is opened.
 *
 * <p>Every method throws {@link java.nio.file.NoSuchFileException} where a named file must exist and
 * does not, and {@link IOException} for whatever else the machine refuses; messages name the path.
 */
public interface FileSystem {

  /** How {@link #open} treats an existing or missing file. */
  enum OpenMode {
    /** Existing file, reads and maps only. */
    READ,
    /** Existing file, reads and writes. */
    READ_WRITE,
    /** File that must not exist yet; created empty, reads and writes. */
    CREATE_NEW
  }

  /** Opens a file; the caller owns and closes the result. */
  StorageFile open(Path file, OpenMode mode) throws IOException;

  /** Returns whether a file or directory of that name exists (links are not followed). */
  boolean exists(Path path) throws IOException;

  /** Returns whether the path is a directory (links are not followed). */
  boolean isDirectory(Path path) throws IOException;

  /** Returns the size of a file in bytes. */
  long sizeBytes(Path file) throws IOException;

  /** Returns the file names (not paths) in a directory, sorted, without {@code .} and {@code ..}. */
  List<String> list(Path directory) throws IOException;

  /** Creates a directory and its missing parents, and syncs the parents of those created. */
  void createDirectories(Path directory) throws IOException;

  /** Renames a file within one file system, atomically replacing the target. */
  void rename(Path source, Path target) throws IOException;

  /** Gives an existing file a second name, which must not exist yet. */
  void link(Path existing, Path link) throws IOException;

  /** Deletes a file or an empty directory. */
  void delete(Path path) throws IOException;

  /** Makes the names created, renamed and deleted in a directory durable. */
  void syncDirectory(Path directory) throws IOException;

  /**
   * Takes the exclusive lock of a lock file, creating the file if needed, and writes {@code owner} (text
   * that tells people who holds it) into it.
   *
   * @throws LockHeldException at once if this or another process holds it; carries the owner's text
   */
  Lock lock(Path lockFile, String owner) throws IOException;

  /** Resolves a path to the one name all its aliases share; the path must exist. */
  Path realPath(Path path) throws IOException;

  /** A held lock. Thread-safe. */
  interface Lock extends AutoCloseable {
    /** Returns whether the lock is still held and its file still has its name. */
    boolean isValid();

    /** Releases the lock; does nothing the second time. */
    @Override
    void close() throws IOException;
  }
}
