package io.larder.engine.internal.backup;

import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A backup whose inventory was read: a directory, or an archive file. Immutable. */
final class StoredBackup {
  private final FileSystem fileSystem;
  private final Path path;
  private final String name;
  private final boolean singleFile;
  private final Inventory inventory;
  private final Map<String, Long> offsets;

  /** Backups that hold files of this one, as far as they were asked for; by one thread. */
  private final Map<String, StoredBackup> holders = new HashMap<>();

  private StoredBackup(
      FileSystem fileSystem,
      Path path,
      String name,
      boolean singleFile,
      Inventory inventory,
      Map<String, Long> offsets) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.name = name;
    this.singleFile = singleFile;
    this.inventory = inventory;
    this.offsets = offsets;
  }

  /** Reads the inventory of a backup that is there. */
  static StoredBackup open(FileSystem fileSystem, Path directory, String name) throws IOException {
    Path archive = directory.resolve(name + Names.ARCHIVE_SUFFIX);
    if (fileSystem.exists(archive)) {
      return openArchive(fileSystem, archive, name);
    }
    Path path = directory.resolve(name);
    Path file = path.resolve(Names.INVENTORY);
    int limit = Inventory.PREFIX_BYTES + Inventory.PAYLOAD_BYTES_MAX + Integer.BYTES;
    ByteBuffer bytes = ByteBuffer.wrap(AtomicFile.read(fileSystem, file, limit));
    return new StoredBackup(fileSystem, path, name, false, Inventory.decode(bytes, file), Map.of());
  }

  private static StoredBackup openArchive(FileSystem fileSystem, Path archive, String name)
      throws IOException {
    try (StorageFile file = fileSystem.open(archive, OpenMode.READ)) {
      long fileBytes = file.sizeBytes();
      ByteBuffer prefix = ByteBuffer.allocate((int) Math.min(Inventory.PREFIX_BYTES, fileBytes));
      AtomicFile.readFully(file, 0, prefix);
      int size = Inventory.sizeBytes(prefix.flip(), archive);
      if (size > fileBytes) {
        throw new CorruptionException(
            archive + ": found " + fileBytes + " bytes, expected an inventory of " + size);
      }
      ByteBuffer bytes = ByteBuffer.allocate(size);
      AtomicFile.readFully(file, 0, bytes);
      Inventory inventory = Inventory.decode(bytes.flip(), archive);
      Map<String, Long> offsets = new HashMap<>();
      long offset = size;
      for (BackupFile each : inventory.files()) {
        if (each.isOwn()) {
          offsets.put(each.name(), offset);
          offset = Math.addExact(offset, each.sizeBytes());
        }
      }
      if (offset != fileBytes) {
        throw new CorruptionException(
            archive + ": found " + fileBytes + " bytes, expected " + offset);
      }
      return new StoredBackup(fileSystem, archive, name, true, inventory, offsets);
    } catch (ArithmeticException e) {
      throw new CorruptionException(archive + ": found files larger than a file can be", e);
    }
  }

  Path path() {
    return path;
  }

  String name() {
    return name;
  }

  boolean isSingleFile() {
    return singleFile;
  }

  Inventory inventory() {
    return inventory;
  }

  List<BackupFile> logFiles() {
    return inventory.files().stream().filter(BackupFile::isLog).toList();
  }

  BackupInfo info() {
    long own =
        inventory.files().stream()
            .filter(each -> !each.shared())
            .mapToLong(BackupFile::sizeBytes)
            .sum();
    return new BackupInfo(
        name,
        path,
        inventory.databaseId(),
        Instant.ofEpochMilli(inventory.createdMillis()),
        inventory.sequence(),
        Instant.ofEpochMilli(inventory.stateMillis()),
        !inventory.base().isEmpty(),
        inventory.base(),
        singleFile,
        inventory.files().size(),
        inventory.bytes(),
        own,
        inventory.version().keyspaces().size());
  }

  /**
   * Returns the file that holds a file of the backup.
   *
   * @throws CorruptionException if that is another backup's, and it is not there
   */
  Path holder(BackupFile file) throws IOException {
    if (!file.isOwn()) {
      Held held = holderOf(file);
      return held.backup().holder(held.file());
    }
    return singleFile ? path : path.resolve(file.name());
  }

  /** Returns where in it the file starts. */
  long offset(BackupFile file) throws IOException {
    if (!file.isOwn()) {
      Held held = holderOf(file);
      return held.backup().offset(held.file());
    }
    return offsets.getOrDefault(file.name(), 0L);
  }

  /** Returns the backup that holds a file in this one's stead, as its own. */
  private Held holderOf(BackupFile file) throws IOException {
    StoredBackup holder = holders.get(file.heldBy());
    if (holder == null) {
      holder = openHolder(file);
      holders.put(file.heldBy(), holder);
    }
    for (BackupFile each : holder.inventory.files()) {
      if (each.name().equals(file.name())
          && each.isOwn()
          && each.sizeBytes() == file.sizeBytes()
          && each.checksum() == file.checksum()) {
        return new Held(holder, each);
      }
    }
    throw new CorruptionException(
        path
            + ": found the backup "
            + holder.path
            + " without "
            + file.name()
            + ", which it holds");
  }

  private StoredBackup openHolder(BackupFile file) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    try {
      if (directory == null || inventory.holders().contains(name)) {
        throw new CorruptionException(path + ": found a backup that needs itself");
      }
      return open(fileSystem, directory, file.heldBy());
    } catch (NoSuchFileException e) {
      throw new CorruptionException(
          path
              + ": needs the backup '"
              + file.heldBy()
              + "' in the same directory, which is not there",
          e);
    }
  }

  /** A file where it is. */
  private record Held(StoredBackup backup, BackupFile file) {}

  /** Reads everything and compares checksums. */
  void verify(Progress progress) throws IOException {
    progress.begin("verify", inventory.bytes());
    FileCopy copy = new FileCopy(fileSystem, progress);
    for (BackupFile file : inventory.files()) {
      requireSize(file);
      copy.check(holder(file), offset(file), file);
    }
  }

  private void requireSize(BackupFile file) throws IOException {
    if (singleFile || !file.isOwn()) {
      return; // the sum was checked, and that of the holder when it was opened
    }
    if (!fileSystem.exists(holder(file))) {
      throw new CorruptionException(holder(file) + ": is missing, but the inventory lists it");
    }
    long found = fileSystem.sizeBytes(holder(file));
    if (found != file.sizeBytes()) {
      throw new CorruptionException(
          holder(file) + ": found " + found + " bytes, expected " + file.sizeBytes());
    }
  }
}
