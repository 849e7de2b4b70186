package io.larder.engine.internal.io;

import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The machine's file systems. Thread-safe; there is one instance, which nobody closes.
 *
 * <p>New files get mode 600 and new directories 700 where the store knows POSIX modes. The last element
 * of a path is never followed if it is a link; directories above it are.
 */
public final class LocalFileSystem implements FileSystem {
  private static final LocalFileSystem INSTANCE = new LocalFileSystem();
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};

  private LocalFileSystem() {}

  /** Returns the one instance. */
  public static LocalFileSystem instance() {
    return INSTANCE;
  }

  @Override
  public StorageFile open(Path file, OpenMode mode) throws IOException {
    try {
      return new LocalFile(file, openChannel(file, options(mode)));
    } catch (IOException e) {
      throw mode == OpenMode.CREATE_NEW ? FullDisk.recognised(e, file, 0) : e;
    }
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public long sizeBytes(Path file) throws IOException {
    return Files.size(file);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = directory.toAbsolutePath();
        at != null && !Files.isDirectory(at);
        at = at.getParent()) {
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        throw new NotDirectoryException(at.toString());
      }
      missing.push(at);
    }
    for (Path path : missing) {
      try {
        Files.createDirectory(path, attributes(path, OWNER_DIRECTORY));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(path)) {
          throw e;
        }
      }
      Path parent = path.getParent();
      if (parent != null) {
        syncDirectory(parent);
      }
    }
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    Files.createLink(link, existing);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.delete(path);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      if (!Files.exists(directory)) {
        throw new NoSuchFileException(directory.toString());
      }
      throw new NotDirectoryException(directory.toString());
    }
    // Links to the directory itself are followed: the caller named it, and nothing is created by
    // it.
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(
            directory, Set.of(StandardOpenOption.READ), InlineExecutor.INSTANCE)) {
      channel.force(true);
    }
  }

  @Override
  public Lock lock(Path lockFile, String owner) throws IOException {
    return LocalLock.acquire(lockFile, owner);
  }

  @Override
  public Path realPath(Path path) throws IOException {
    return path.toRealPath();
  }

  /** Opens a channel that interrupts cannot close, never through a link. */
  static AsynchronousFileChannel openChannel(Path file, Set<? extends OpenOption> options)
      throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + ": is a directory, expected a file");
    }
    boolean creates = !Collections.disjoint(options, CREATING);
    return AsynchronousFileChannel.open(
        file,
        options,
        InlineExecutor.INSTANCE,
        creates ? attributes(file, OWNER_FILE) : NO_ATTRIBUTES);
  }

  private static final Set<OpenOption> CREATING =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW);

  private static Set<OpenOption> options(OpenMode mode) {
    return switch (mode) {
      case READ -> Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      case READ_WRITE ->
          Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      case CREATE_NEW ->
          Set.of(
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW,
              LinkOption.NOFOLLOW_LINKS);
    };
  }

  private static FileAttribute<?>[] attributes(
      Path path, FileAttribute<Set<PosixFilePermission>> posix) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    boolean knowsModes =
        parent != null
            && Files.exists(parent)
            && Files.getFileStore(parent).supportsFileAttributeView(PosixFileAttributeView.class);
    return knowsModes ? new FileAttribute<?>[] {posix} : NO_ATTRIBUTES;
  }
}
