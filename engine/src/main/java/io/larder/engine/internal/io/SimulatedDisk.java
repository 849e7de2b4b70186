package io.larder.engine.internal.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk behind a page cache: what programs see now, what would be left after a power loss, and the
 * ordered changes in between. Not thread-safe; guarded by its file system.
 *
 * <p>Each file has its bytes as seen and its durable bytes, each directory its names as seen and its
 * durable names. A change alters what is seen at once and joins the pending changes. A sync of a file
 * applies the pending changes of that file to the durable side, a sync of a directory those of its
 * names; nothing else does, and syncing a file does not make its name durable. After a failed sync the
 * file's pending changes are gone from the list, so they stay visible and are never durable.
 */
final class SimulatedDisk {
  static final int SECTOR_BYTES = 512;

  private final Directory root;
  private List<Change> pending = new ArrayList<>();

  SimulatedDisk() {
    this(new Directory());
  }

  private SimulatedDisk(Directory root) {
    this.root = root;
  }

  /** Something a name can stand for. */
  sealed interface Node permits Directory, Inode {}

  /** A directory: names as seen, and durable. */
  static final class Directory implements Node {
    final Map<String, Node> seen = new TreeMap<>();
    final Map<String, Node> durable = new TreeMap<>();
  }

  /** A file: bytes as seen, and durable. */
  static final class Inode implements Node {
    final Content seen = new Content();
    final Content durable = new Content();
  }

  /** Growable bytes, copied from another content only when one of the two changes. */
  static final class Content {
    byte[] bytes = {};
    int size;
    private boolean shared;

    void write(int position, byte[] source, int offset, int length) {
      extend(position + length);
      System.arraycopy(source, offset, bytes, position, length);
    }

    void extend(int newSize) {
      int capacity = newSize <= bytes.length ? bytes.length : Math.max(newSize, 2 * bytes.length);
      if (shared || capacity > bytes.length) {
        bytes = Arrays.copyOf(bytes, capacity);
        shared = false;
      }
      size = Math.max(size, newSize);
    }

    void truncate(int newSize) {
      if (newSize < size) {
        extend(size);
        Arrays.fill(bytes, newSize, size, (byte) 0);
        size = newSize;
      }
    }

    void flip(int position, int mask) {
      extend(size);
      bytes[position] ^= (byte) mask;
    }

    void set(Content other) {
      bytes = other.bytes;
      size = other.size;
      shared = true;
      other.shared = true;
    }
  }

  /** A change that is seen and not durable. */
  private sealed interface Change permits Write, Cut, Naming {}

  private record Write(Inode file, int position, byte[] bytes) implements Change {}

  private record Cut(Inode file, int size) implements Change {}

  /** Changes of names that become durable together. */
  private record Naming(List<Name> names) implements Change {}

  /**
   * What a name stands for from now on.
   *
   * @param node the file or directory, or null for nothing
   */
  record Name(Directory directory, String name, @Nullable Node node) {}

  Directory root() {
    return root;
  }

  void write(Inode file, int position, byte[] bytes) {
    file.seen.write(position, bytes, 0, bytes.length);
    pending.add(new Write(file, position, bytes));
  }

  void truncate(Inode file, int size) {
    file.seen.truncate(size);
    pending.add(new Cut(file, size));
  }

  void rename(Name... names) {
    for (Name name : names) {
      apply(name, name.directory().seen);
    }
    pending.add(new Naming(List.of(names)));
  }

  void sync(Inode file) {
    settle(change -> fileOf(change) == file, change -> true);
  }

  /** Loses the file's pending changes but for some, which the disk had already taken. */
  void failSync(Inode file, Random random) {
    settle(change -> fileOf(change) == file, change -> random.nextInt(3) == 0);
  }

  void syncDirectory(Directory directory) {
    settle(
        change ->
            change instanceof Naming naming
                && naming.names().stream().anyMatch(name -> name.directory() == directory),
        change -> true);
  }

  private void settle(Predicate<Change> chosen, Predicate<Change> kept) {
    List<Change> left = new ArrayList<>();
    for (Change change : pending) {
      if (!chosen.test(change)) {
        left.add(change);
      } else if (kept.test(change)) {
        makeDurable(change);
      }
    }
    pending = left;
  }

  private static @Nullable Inode fileOf(Change change) {
    if (change instanceof Write write) {
      return write.file();
    }
    return change instanceof Cut cut ? cut.file() : null;
  }

  private static void makeDurable(Change change) {
    if (change instanceof Write write) {
      write.file().durable.write(write.position(), write.bytes(), 0, write.bytes().length);
    } else if (change instanceof Cut cut) {
      cut.file().durable.truncate(cut.size());
    } else if (change instanceof Naming naming) {
      naming.names().forEach(name -> apply(name, name.directory().durable));
    }
  }

  private static void apply(Name name, Map<String, Node> names) {
    Node node = name.node();
    if (node == null) {
      names.remove(name.name());
    } else {
      names.put(name.name(), node);
    }
  }

  /** Returns how many changes are not durable. */
  int pendingCount() {
    return pending.size();
  }

  /** Returns a disk of its own as it is found after a crash; this one stays as it is. */
  SimulatedDisk afterCrash(LossModel model, Random random) {
    IdentityHashMap<Node, Node> copies = new IdentityHashMap<>();
    SimulatedDisk copy = new SimulatedDisk((Directory) copyOf(root, copies));
    List<Change> changes = new ArrayList<>();
    for (Change change : pending) {
      changes.add(copyOf(change, copies));
    }
    if (model == LossModel.PROCESS_KILLED) {
      copy.pending = changes;
      return copy;
    }
    lose(changes, model, random);
    for (Node node : copies.values()) {
      if (node instanceof Inode file) {
        file.seen.set(file.durable);
      } else if (node instanceof Directory directory) {
        directory.seen.clear();
        directory.seen.putAll(directory.durable);
      }
    }
    return copy;
  }

  private static void lose(List<Change> changes, LossModel model, Random random) {
    int size = changes.size();
    int chosen = size == 0 ? 0 : random.nextInt(size);
    for (int i = 0; i < size; i++) {
      Change change = changes.get(i);
      boolean name = change instanceof Naming;
      switch (model) {
        case TORN_PREFIX -> {
          if (i == chosen) {
            tear(change, random);
          } else if (i < chosen) {
            makeDurable(change);
          }
        }
        case TORN_SECTORS -> tear(change, random);
        case SIZES_WITHOUT_DATA -> {
          if (change instanceof Write write) {
            write.file().durable.extend(write.position() + write.bytes().length);
          } else {
            makeDurable(change);
          }
        }
        default -> {
          if (isKept(model, i, chosen, name, random)) {
            makeDurable(change);
          }
        }
      }
    }
  }

  private static boolean isKept(
      LossModel model, int index, int chosen, boolean name, Random random) {
    return switch (model) {
      case EVERYTHING -> true;
      case PREFIX -> index < chosen;
      case DROP_ONE -> index != chosen;
      case KEEP_ONE -> index == chosen;
      case RANDOM -> random.nextBoolean();
      case NAMES_WITHOUT_DATA -> name;
      case DATA_WITHOUT_NAMES -> !name;
      default -> false;
    };
  }

  /** Keeps each sector of a write, and any other change as a whole, by the toss of a coin. */
  private static void tear(Change change, Random random) {
    if (!(change instanceof Write write)) {
      if (random.nextBoolean()) {
        makeDurable(change);
      }
      return;
    }
    int end = write.position() + write.bytes().length;
    for (int from = write.position(); from < end; ) {
      int to = Math.min(end, (from / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (random.nextBoolean()) {
        write.file().durable.write(from, write.bytes(), from - write.position(), to - from);
      }
      from = to;
    }
  }

  private static Node copyOf(Node node, IdentityHashMap<Node, Node> copies) {
    Node known = copies.get(node);
    if (known != null) {
      return known;
    }
    if (node instanceof Inode file) {
      Inode copy = new Inode();
      copies.put(file, copy);
      copy.seen.set(file.seen);
      copy.durable.set(file.durable);
      return copy;
    }
    Directory directory = (Directory) node;
    Directory copy = new Directory();
    copies.put(directory, copy);
    directory.seen.forEach((name, child) -> copy.seen.put(name, copyOf(child, copies)));
    directory.durable.forEach((name, child) -> copy.durable.put(name, copyOf(child, copies)));
    return copy;
  }

  private static Change copyOf(Change change, IdentityHashMap<Node, Node> copies) {
    if (change instanceof Write write) {
      Inode file = (Inode) copyOf(write.file(), copies);
      return new Write(file, write.position(), write.bytes());
    }
    if (change instanceof Cut cut) {
      return new Cut((Inode) copyOf(cut.file(), copies), cut.size());
    }
    List<Name> names = new ArrayList<>();
    for (Name name : ((Naming) change).names()) {
      Node node = name.node();
      names.add(
          new Name(
              (Directory) copyOf(name.directory(), copies),
              name.name(),
              node == null ? null : copyOf(node, copies)));
    }
    return new Naming(names);
  }
}
