package io.larder.engine.internal.backup;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.wal.LogArchive;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Log segments kept in a directory after the log has no use for them, of one or more databases. Used by one thread at a
 * time for each database.
 *
 * <p>A segment is {@code DATABASE-NUMBER.wal}, both in 16 hexadecimal digits, byte for byte what the log wrote. Its seal,
 * {@code DATABASE-NUMBER.seal}, comes after it: without the seal it is not there.
 */
public final class LogArchiveDirectory implements LogArchive {
  private static final int PIECE_BYTES = 1 << 20;
  private static final String SEAL_SUFFIX = ".seal";
  private static final String OWNER_SUFFIX = ".owner";
  private static final int OWNER_BYTES_MAX = 1 << 16;

  private final FileSystem fileSystem;
  private final Path directory;
  private final long databaseId;
  private boolean prepared;

  /** Creates a view on an archive for one database; the directory is made with the first segment. */
  public LogArchiveDirectory(FileSystem fileSystem, Path directory, long databaseId) {
    this.fileSystem = fileSystem;
    this.directory = directory;
    this.databaseId = databaseId;
  }

  /**
   * Makes sure that the archive gets the log of one directory only: a database and its restored copy go on differently
   * under the same id, and segments of both would be one history that never was.
   *
   * @throws InvalidOptionException if it belongs to a database in another directory
   */
  public void claimFor(Path database) {
    String own = database.toAbsolutePath().normalize().toString();
    Path file = directory.resolve(HexFormat.of().toHexDigits(databaseId) + OWNER_SUFFIX);
    try {
      if (!fileSystem.exists(file)) {
        fileSystem.createDirectories(directory);
        AtomicFile.write(fileSystem, file, ByteBuffer.wrap(own.getBytes(StandardCharsets.UTF_8)));
        return;
      }
      String owner =
          new String(AtomicFile.read(fileSystem, file, OWNER_BYTES_MAX), StandardCharsets.UTF_8);
      if (!owner.equals(own)) {
        throw new InvalidOptionException(
            "Invalid option: wal.archive is '"
                + directory
                + "', which has the log of the same database in "
                + owner
                + "; expected another archive for "
                + own
                + ", or, if the database was moved, that "
                + file
                + " is deleted");
      }
    } catch (IOException e) {
      throw new StorageException(
          directory + ": the archive could not be used: " + e.getMessage(), e);
    }
  }

  private Path path(long number, String suffix) {
    HexFormat hex = HexFormat.of();
    return directory.resolve(hex.toHexDigits(databaseId) + "-" + hex.toHexDigits(number) + suffix);
  }

  Path segmentPath(long number) {
    return path(number, BackupFile.LOG_SUFFIX);
  }

  @Override
  public boolean contains(long number) throws IOException {
    return fileSystem.exists(path(number, SEAL_SUFFIX));
  }

  @Override
  public void archive(long number, Path segment, long firstSequence, long lastSequence)
      throws IOException {
    if (!prepared) {
      fileSystem.createDirectories(directory);
      prepared = true;
    }
    if (contains(number)) {
      requireSame(number, segment);
      return;
    }
    Path kept = segmentPath(number);
    Path unfinished = kept.resolveSibling(kept.getFileName() + AtomicFile.TEMPORARY_SUFFIX);
    if (fileSystem.exists(unfinished)) {
      fileSystem.delete(unfinished);
    }
    long size = fileSystem.sizeBytes(segment);
    int checksum;
    try (StorageFile target = fileSystem.open(unfinished, OpenMode.CREATE_NEW)) {
      checksum = read(segment, size, target);
      target.sync(SyncScope.FULL);
    }
    fileSystem.rename(unfinished, kept);
    ArchiveSeal seal =
        new ArchiveSeal(databaseId, number, firstSequence, lastSequence, size, checksum);
    AtomicFile.write(fileSystem, path(number, SEAL_SUFFIX), seal.encode());
  }

  /** A number is never used twice, so another content is another database with the same id: a copy that went on. */
  private void requireSame(long number, Path segment) throws IOException {
    ArchiveSeal seal = seal(number);
    long size = fileSystem.sizeBytes(segment);
    if (size != seal.sizeBytes() || read(segment, size, null) != seal.checksum()) {
      throw new IOException(
          segmentPath(number)
              + ": found another segment of this number, written by a copy of this database;"
              + " expected each of them to have an archive of its own");
    }
  }

  private int read(Path source, long size, @Nullable StorageFile target) throws IOException {
    CRC32C checksum = new CRC32C();
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    try (StorageFile from = fileSystem.open(source, OpenMode.READ)) {
      long done = 0;
      while (done < size) {
        piece.clear().limit((int) Math.min(PIECE_BYTES, size - done));
        int count = from.read(done, piece);
        if (count <= 0) {
          throw new IOException(
              source + ": ends at offset " + done + ", expected " + size + " bytes");
        }
        piece.flip();
        checksum.update(piece);
        if (target != null) {
          target.write(done, piece.rewind());
        }
        done += count;
      }
    }
    return (int) checksum.getValue();
  }

  /** Returns what is kept, by number. */
  List<ArchiveSeal> seals() throws IOException {
    List<ArchiveSeal> seals = new ArrayList<>();
    if (!fileSystem.exists(directory)) {
      return seals;
    }
    String prefix = HexFormat.of().toHexDigits(databaseId) + "-";
    for (String name : fileSystem.list(directory)) {
      boolean seal =
          name.startsWith(prefix)
              && name.endsWith(SEAL_SUFFIX)
              && name.length() == prefix.length() + 16 + SEAL_SUFFIX.length();
      if (seal) {
        seals.add(seal(HexFormat.fromHexDigitsToLong(name, prefix.length(), prefix.length() + 16)));
      }
    }
    return seals;
  }

  private ArchiveSeal seal(long number) throws IOException {
    Path path = path(number, SEAL_SUFFIX);
    byte[] bytes = AtomicFile.read(fileSystem, path, 1 << 16);
    return ArchiveSeal.decode(ByteBuffer.wrap(bytes), path, databaseId, number);
  }

  /**
   * Checks that a kept segment is what its seal says.
   *
   * @throws CorruptionException if it is not
   */
  void verify(ArchiveSeal seal) throws IOException {
    Path path = segmentPath(seal.number());
    if (!fileSystem.exists(path)) {
      throw new CorruptionException(path + ": is missing, but its seal is there");
    }
    long size = fileSystem.sizeBytes(path);
    if (size != seal.sizeBytes() || read(path, size, null) != seal.checksum()) {
      throw new CorruptionException(
          path
              + ": found other bytes than those that were sealed, "
              + seal.sizeBytes()
              + " in number");
    }
  }
}
