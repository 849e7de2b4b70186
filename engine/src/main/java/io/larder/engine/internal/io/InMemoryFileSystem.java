package io.larder.engine.internal.io;

import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.IoCall.Operation;
import io.larder.engine.internal.io.SimulatedDisk.Directory;
import io.larder.engine.internal.io.SimulatedDisk.Inode;
import io.larder.engine.internal.io.SimulatedDisk.Name;
import io.larder.engine.internal.io.SimulatedDisk.Node;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.LockHeldException;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that keeps POSIX's promises and not one more, for tests that need a disk which
 * crashes and fails on demand. Thread-safe; its user checks at the end that no handle was leaked.
 *
 * <p>A name is durable only after its directory was synced, a byte only after its file was, and a failed
 * sync loses what it was asked to keep. {@link #afterCrash} gives a file system of its own with what a
 * crash at this moment would leave, and can be called from the {@link FaultHook} before any call.
 */
public final class InMemoryFileSystem implements FileSystem {
  private final SimulatedDisk disk;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Object> handles = ConcurrentHashMap.newKeySet();
  private final IdentityHashMap<Inode, String> locks = new IdentityHashMap<>();
  private volatile FaultHook hook = call -> Fault.NONE;
  private long calls;
  private boolean powerOff;

  /** Creates an empty file system. */
  public InMemoryFileSystem() {
    this(new SimulatedDisk());
  }

  private InMemoryFileSystem(SimulatedDisk disk) {
    this.disk = disk;
  }

  /** Sets who decides what goes wrong from now on. */
  public void setHook(FaultHook newHook) {
    hook = newHook;
  }

  /** Returns how many calls were made. */
  public long calls() {
    lock.lock();
    try {
      return calls;
    } finally {
      lock.unlock();
    }
  }

  /** Returns a file system of its own, as it is found after a crash now; this one stays as it is. */
  public InMemoryFileSystem afterCrash(LossModel model, long seed) {
    lock.lock();
    try {
      return new InMemoryFileSystem(disk.afterCrash(model, new Random(seed * 0x9E3779B97F4A7C15L)));
    } finally {
      lock.unlock();
    }
  }

  /** Lets this and every later call fail, as {@link Fault#POWER_OFF} does. */
  public void powerOff() {
    lock.lock();
    try {
      powerOff = true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many changes would be at stake in a power loss now. */
  public int pendingChanges() {
    lock.lock();
    try {
      return disk.pendingCount();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks that everything opened, mapped and locked was closed.
   *
   * @throws IllegalStateException naming what was not
   */
  public void requireNoLeaks() {
    if (!handles.isEmpty()) {
      throw new IllegalStateException("left open: " + List.copyOf(handles));
    }
  }

  /** Flips one bit of a file, both as seen and on the disk, as decay does. */
  public void flipBit(Path file, long bit) throws IOException {
    lock.lock();
    try {
      Inode inode = file(file);
      int at = Math.toIntExact(bit / Byte.SIZE);
      int mask = 1 << bit % Byte.SIZE;
      inode.seen.flip(at, mask);
      if (at < inode.durable.size) {
        inode.durable.flip(at, mask);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public StorageFile open(Path file, OpenMode mode) throws IOException {
    boolean create = mode == OpenMode.CREATE_NEW;
    return call(
        create ? Operation.CREATE : Operation.OPEN,
        file,
        0,
        0,
        call -> {
          Inode inode = create ? create(file) : file(file);
          InMemoryFile opened = new InMemoryFile(this, file, inode, mode != OpenMode.READ);
          handles.add(opened);
          return opened;
        });
  }

  private Inode create(Path file) throws IOException {
    Directory parent = parent(file);
    if (parent.seen.containsKey(name(file))) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Inode created = new Inode();
    disk.rename(new Name(parent, name(file), created));
    return created;
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return call(Operation.LOOK, path, 0, 0, call -> find(path) != null);
  }

  @Override
  public boolean isDirectory(Path path) throws IOException {
    return call(Operation.LOOK, path, 0, 0, call -> find(path) instanceof Directory);
  }

  @Override
  public long sizeBytes(Path file) throws IOException {
    return call(Operation.LOOK, file, 0, 0, call -> (long) file(file).seen.size);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return call(
        Operation.LOOK, directory, 0, 0, call -> List.copyOf(directory(directory).seen.keySet()));
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Path full = directory.toAbsolutePath().normalize();
    Path parent = full.getParent();
    if (isDirectory(full)) {
      return;
    }
    if (parent != null) {
      createDirectories(parent);
    }
    call(
        Operation.CREATE_DIRECTORY,
        full,
        0,
        0,
        call -> {
          if (find(full) != null) {
            throw new NotDirectoryException(full.toString());
          }
          if (!call.isDropped()) {
            disk.rename(new Name(parent(full), name(full), new Directory()));
          }
          return 0;
        });
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    call(
        Operation.RENAME,
        target,
        0,
        0,
        call -> {
          Node node = existing(source);
          if (find(target) instanceof Directory) {
            throw new FileAlreadyExistsException(target.toString());
          }
          Directory to = parent(target);
          if (!call.isDropped()) {
            disk.rename(
                new Name(parent(source), name(source), null), new Name(to, name(target), node));
          }
          return 0;
        });
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    call(
        Operation.LINK,
        link,
        0,
        0,
        call -> {
          Inode inode = file(existing);
          if (find(link) != null) {
            throw new FileAlreadyExistsException(link.toString());
          }
          disk.rename(new Name(parent(link), name(link), inode));
          return 0;
        });
  }

  @Override
  public void delete(Path path) throws IOException {
    call(
        Operation.DELETE,
        path,
        0,
        0,
        call -> {
          if (existing(path) instanceof Directory directory && !directory.seen.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
          }
          if (!call.isDropped()) {
            disk.rename(new Name(parent(path), name(path), null));
          }
          return 0;
        });
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    call(
        Operation.SYNC_DIRECTORY,
        directory,
        0,
        0,
        call -> {
          Directory synced = directory(directory);
          if (!call.isDropped()) {
            disk.syncDirectory(synced);
          }
          return 0;
        });
  }

  @Override
  public Lock lock(Path lockFile, String owner) throws IOException {
    return call(
        Operation.LOCK,
        lockFile,
        0,
        0,
        call -> {
          Inode inode = find(lockFile) == null ? create(lockFile) : file(lockFile);
          String holder = locks.get(inode);
          if (holder != null) {
            throw new LockHeldException(lockFile + ": is locked by " + holder, holder);
          }
          disk.truncate(inode, 0);
          disk.write(inode, 0, owner.getBytes(StandardCharsets.UTF_8));
          locks.put(inode, owner);
          HeldLock held = new HeldLock(lockFile, inode);
          handles.add(held);
          return held;
        });
  }

  @Override
  public Path realPath(Path path) throws IOException {
    return call(
        Operation.LOOK,
        path,
        0,
        0,
        call -> {
          existing(path);
          return path.toAbsolutePath().normalize();
        });
  }

  private final class HeldLock implements Lock {
    private final Path path;
    private final Inode inode;
    private boolean released;

    HeldLock(Path path, Inode inode) {
      this.path = path;
      this.inode = inode;
    }

    @Override
    public boolean isValid() {
      lock.lock();
      try {
        return !released && find(path) == inode;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!released) {
          released = true;
          locks.remove(inode);
          handles.remove(this);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public String toString() {
      return "lock " + path;
    }
  }

  SimulatedDisk disk() {
    return disk;
  }

  void remember(Object handle) {
    handles.add(handle);
  }

  void forget(Object handle) {
    handles.remove(handle);
  }

  /** What a call does once it is let through. */
  @FunctionalInterface
  interface Work<T> {
    T run(Served call) throws IOException;
  }

  /** What a call leaves behind when it is made to fail. */
  @FunctionalInterface
  interface Aftermath {
    void run(Served call);
  }

  <T> T call(Operation operation, Path path, long position, long length, Work<T> work)
      throws IOException {
    return call(operation, path, position, length, work, call -> {});
  }

  <T> T call(
      Operation operation,
      Path path,
      long position,
      long length,
      Work<T> work,
      Aftermath afterFailure)
      throws IOException {
    lock.lock();
    try {
      if (powerOff) {
        throw new IOException(path + ": the power is off");
      }
      IoCall call = new IoCall(calls++, operation, path, position, length);
      Served served = new Served(call.index(), hook.before(call));
      switch (served.fault()) {
        case POWER_OFF -> {
          powerOff = true;
          throw new IOException(path + ": the power went off at " + call);
        }
        case IO_ERROR -> {
          afterFailure.run(served);
          throw new IOException(path + ": input/output error at " + call);
        }
        case NO_SPACE -> {
          afterFailure.run(served);
          throw new IOException(path + ": no space left on device at " + call);
        }
        default -> {
          return work.run(served);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A call that is let through, perhaps with a fault of its data.
   *
   * @param index the number of the call
   * @param fault what is wrong with it
   */
  record Served(long index, Fault fault) {

    Random random() {
      return new Random(index * 0x9E3779B97F4A7C15L); // neighbouring seeds would begin alike
    }

    boolean isDropped() {
      return fault == Fault.DROP;
    }

    boolean isEndOfFile() {
      return fault == Fault.END_OF_FILE;
    }

    int shortened(int length) {
      return fault == Fault.SHORT && length > 1 ? length / 2 : length;
    }

    void flip(byte[] bytes) {
      if (fault == Fault.FLIP && bytes.length > 0) {
        Random random = random();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      }
    }
  }

  private @Nullable Node find(Path path) {
    Node node = disk.root();
    for (Path each : path.toAbsolutePath().normalize()) {
      if (!(node instanceof Directory directory)) {
        return null;
      }
      node = directory.seen.get(each.toString());
    }
    return node;
  }

  private Node existing(Path path) throws IOException {
    Node node = find(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private Inode file(Path path) throws IOException {
    if (existing(path) instanceof Inode inode) {
      return inode;
    }
    throw new IOException(path + ": is a directory, expected a file");
  }

  private Directory directory(Path path) throws IOException {
    if (existing(path) instanceof Directory directory) {
      return directory;
    }
    throw new NotDirectoryException(path.toString());
  }

  private Directory parent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().normalize().getParent();
    return parent == null ? disk.root() : directory(parent);
  }

  private static String name(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }
}
