package io.larder.engine.internal.manifest;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.FullDisk;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The log of version edits: which tables, keyspaces and log segments make up the database. Not thread-safe; the
 * disk engine owns it, guards it by a lock and closes it.
 *
 * <p>A manifest file is a {@link FileHeader} and records (see {@link ManifestRecord}). The first one holds a whole
 * version, each later one an edit. Past {@value #REWRITE_BYTES} bytes the version is written into a new
 * manifest, which {@link ManifestFiles#CURRENT} then points to; that file is replaced atomically, so at any
 * moment exactly one manifest is in use.
 *
 * <p>After a failed write or sync the manifest must not be used any more: what the disk holds is unknown.
 */
public final class Manifest implements AutoCloseable {
  private static final System.Logger LOG = LazyLogger.of(Manifest.class);
  private static final int REWRITE_BYTES = 4 << 20;
  private static final int SIZE_BYTES_MAX = 1 << 30;

  private final FileSystem fileSystem;
  private final Path directory;
  private final long databaseId;
  private long number;
  private StorageFile file;
  private Version version;
  private int lastRecord;

  /** The record up to which {@link ManifestFiles#CURRENT} vouches for this manifest. */
  private int sealedRecord;

  private long endOffset;

  /** Where the last record begins, as it was read. */
  private int lastOffset;

  /** Whether the last edit is durable and has no confirmation, which goes before the next one. */
  private boolean confirmationOwed;

  private long rewriteBytes = REWRITE_BYTES;
  private String tornTail = "";

  private Manifest(
      FileSystem fileSystem, Path directory, long databaseId, long number, StorageFile file) {
    this.fileSystem = fileSystem;
    this.directory = directory;
    this.databaseId = databaseId;
    this.number = number;
    this.file = file;
    this.version = Version.empty();
  }

  /** Returns whether a directory has a manifest in use. */
  public static boolean exists(FileSystem fileSystem, Path directory) throws IOException {
    return fileSystem.exists(directory.resolve(ManifestFiles.CURRENT));
  }

  /** Creates the first manifest of a database; the database exists once this returns. */
  public static Manifest create(
      FileSystem fileSystem, Path directory, long databaseId, Version initial) {
    try {
      Manifest manifest = write(fileSystem, directory, databaseId, 1, initial);
      try {
        ManifestFiles.writeCurrent(fileSystem, directory, databaseId, 1, 1);
        manifest.sealedRecord = 1;
      } catch (Throwable e) {
        manifest.close();
        throw e;
      }
      return manifest;
    } catch (IOException e) {
      throw new StorageException(directory + ": the manifest could not be created: " + e, e);
    }
  }

  private static Manifest write(
      FileSystem fileSystem, Path directory, long databaseId, long number, Version version)
      throws IOException {
    Path path = ManifestFiles.path(directory, number);
    if (fileSystem.exists(path)) {
      fileSystem.delete(path); // left by a crash before CURRENT named it
    }
    StorageFile file = fileSystem.open(path, OpenMode.CREATE_NEW);
    Manifest manifest = new Manifest(fileSystem, directory, databaseId, number, file);
    try {
      ByteBuffer header = ByteBuffer.allocate(FileHeader.BYTES);
      new FileHeader(FileType.MANIFEST, ManifestFiles.FORMAT_VERSION, databaseId, number)
          .writeTo(header, 0);
      file.write(0, header);
      manifest.endOffset = FileHeader.BYTES;
      manifest.write(ManifestRecord.EDIT, VersionEditCodec.encode(version.toEdit()));
      file.sync(SyncScope.FULL);
      fileSystem.syncDirectory(directory);
      manifest.writeConfirmation();
      manifest.version = version;
      manifest.rewriteBytes = Math.max(REWRITE_BYTES, 2 * manifest.endOffset);
      return manifest;
    } catch (Throwable e) {
      manifest.close();
      deleteQuietly(fileSystem, path, e); // a disk that is full must not stay so because of it
      throw e;
    }
  }

  private static void deleteQuietly(FileSystem fileSystem, Path path, Throwable reason) {
    try {
      fileSystem.delete(path);
    } catch (IOException e) {
      reason.addSuppressed(e); // the next opening deletes it
    }
  }

  /**
   * Opens the manifest in use.
   *
   * @param cutTornTail whether an edit that a crash cut short is removed; otherwise the file stays as it is and
   *     {@link #tornTail} tells
   */
  public static Manifest open(FileSystem fileSystem, Path directory, boolean cutTornTail) {
    try {
      ManifestFiles.Current pointer = ManifestFiles.readCurrent(fileSystem, directory);
      FileHeader current = pointer.header();
      Path path = ManifestFiles.path(directory, current.fileId());
      if (!fileSystem.exists(path)) {
        throw missing(path);
      }
      ByteBuffer content = ByteBuffer.wrap(AtomicFile.read(fileSystem, path, SIZE_BYTES_MAX));
      requireHeader(content, path, current);
      StorageFile file = fileSystem.open(path, OpenMode.READ_WRITE);
      Manifest manifest =
          new Manifest(fileSystem, directory, current.databaseId(), current.fileId(), file);
      try {
        manifest.replay(content);
        manifest.requireSealed(pointer.leastRecord());
        if (!manifest.isDurable()) {
          // CURRENT may be seen here without being durable: its writer failed or was killed before
          // its directory's sync.
          fileSystem.syncDirectory(directory);
          manifest.makeTailDurable(content, cutTornTail);
        }
      } catch (Throwable e) {
        manifest.close();
        throw e;
      }
      return manifest;
    } catch (IOException e) {
      throw new StorageException(directory + ": the manifest could not be read: " + e, e);
    }
  }

  /**
   * What a manifest says, read without changing anything. Immutable.
   *
   * @param databaseId the id in all files of the database
   * @param number the number of the manifest in use
   * @param version the present version
   * @param tornTail what a crash cut short; empty if nothing
   */
  public record Content(long databaseId, long number, Version version, String tornTail) {}

  /**
   * Reads the manifest in use and leaves everything as it is.
   *
   * @throws CorruptionException if it is damaged
   * @throws StorageException if the machine refuses
   */
  public static Content read(FileSystem fileSystem, Path directory) {
    try {
      ManifestFiles.Current pointer = ManifestFiles.readCurrent(fileSystem, directory);
      FileHeader current = pointer.header();
      Path path = ManifestFiles.path(directory, current.fileId());
      if (!fileSystem.exists(path)) {
        throw missing(path);
      }
      ByteBuffer content = ByteBuffer.wrap(AtomicFile.read(fileSystem, path, SIZE_BYTES_MAX));
      requireHeader(content, path, current);
      StorageFile file = fileSystem.open(path, OpenMode.READ);
      try (Manifest manifest =
          new Manifest(fileSystem, directory, current.databaseId(), current.fileId(), file)) {
        manifest.replay(content);
        manifest.requireSealed(pointer.leastRecord());
        return new Content(
            manifest.databaseId, manifest.number, manifest.version, manifest.tornTail);
      }
    } catch (IOException e) {
      throw new StorageException(directory + ": the manifest could not be read: " + e, e);
    }
  }

  private static CorruptionException missing(Path path) {
    return new CorruptionException(
        path + ": is missing, but " + ManifestFiles.CURRENT + " says it is in use");
  }

  private static void requireHeader(ByteBuffer content, Path path, FileHeader current) {
    FileHeader.read(
            content,
            0,
            path,
            FileType.MANIFEST,
            ManifestFiles.FORMAT_VERSION,
            ManifestFiles.FORMAT_VERSION)
        .requireIdentity(path, current.databaseId(), current.fileId());
  }

  private void replay(ByteBuffer content) {
    int offset = FileHeader.BYTES;
    while (offset < content.limit()) {
      ManifestRecord record;
      try {
        record = read(content, offset);
      } catch (ManifestRecord.Damage e) {
        requireTornTail(content, offset, e.found());
        break;
      }
      apply(record, offset);
      lastRecord = record.number();
      lastOffset = offset;
      offset = record.endOffset();
    }
    if (lastRecord == 0) {
      throw corruption(offset, "found no valid record, expected a whole version");
    }
    endOffset = offset;
  }

  private void requireSealed(int leastRecord) {
    if (lastRecord < leastRecord) {
      throw corruption(
          endOffset,
          "found the end after record "
              + lastRecord
              + ", but "
              + ManifestFiles.CURRENT
              + " says that record "
              + leastRecord
              + " was durable at the last orderly close");
    }
    sealedRecord = leastRecord;
  }

  /**
   * Returns whether an orderly close vouches for all that was read. Whoever wrote a {@link ManifestFiles#CURRENT} that
   * names a later edit than the first had synced that edit before, and the directory in which this manifest took its
   * place; should a crash bring back the CURRENT before it, that names this manifest too.
   */
  private boolean isDurable() {
    return tornTail.isEmpty()
        && sealedRecord > 1
        && lastRecord == sealedRecord + 1
        && ManifestRecord.kindOf(lastRecord) == ManifestRecord.CONFIRMATION;
  }

  /** Reads the record at an offset; a damaged confirmation that a valid edit follows is passed over. */
  private ManifestRecord read(ByteBuffer content, int offset) throws ManifestRecord.Damage {
    try {
      return ManifestRecord.read(content, offset);
    } catch (ManifestRecord.Damage e) {
      int next = offset + ManifestRecord.CONFIRMATION_BYTES;
      if (ManifestRecord.kindOf(lastRecord + 1) == ManifestRecord.EDIT
          || !ManifestRecord.isValid(content, next, lastRecord + 2)) {
        throw e;
      }
      return new ManifestRecord(lastRecord + 1, ManifestRecord.CONFIRMATION, new byte[0], next);
    }
  }

  private void requireTornTail(ByteBuffer content, int offset, String found) {
    if (ManifestRecord.isFollowedByValidRecord(content, offset + 1, lastRecord)) {
      throw corruption(offset, found + ", and a later record is valid, so it was damaged");
    }
    tornTail = file.path() + ": at offset " + offset + ": " + found;
  }

  private void apply(ManifestRecord record, int offset) {
    if (record.number() != lastRecord + 1
        || record.kind() != ManifestRecord.kindOf(record.number())) {
      throw corruption(
          offset,
          "found the record "
              + record.number()
              + " of kind "
              + record.kind()
              + ", expected "
              + (lastRecord + 1)
              + " of kind "
              + ManifestRecord.kindOf(lastRecord + 1));
    }
    if (record.kind() == ManifestRecord.EDIT) {
      try {
        version = version.apply(VersionEditCodec.decode(ByteBuffer.wrap(record.payload())));
      } catch (CorruptionException e) {
        throw corruption(offset, String.valueOf(e.getMessage()));
      }
    }
  }

  private CorruptionException corruption(long offset, String found) {
    return new CorruptionException(file.path() + ": at offset " + offset + ": " + found);
  }

  /**
   * Cuts off what is behind the last valid record and makes that record durable: what is about to be built on it must
   * not outlive it. An edit without its confirmation may be one whose sync failed; then it can be read now from the
   * operating system's memory, yet no later sync of this file would write it, so the version goes into a new file.
   */
  private void makeTailDurable(ByteBuffer content, boolean cutTornTail) throws IOException {
    if (!tornTail.isEmpty() && !cutTornTail) {
      return;
    }
    if (ManifestRecord.kindOf(lastRecord) == ManifestRecord.EDIT) {
      try {
        rewrite(version);
      } catch (DiskFullException e) {
        LOG.log(System.Logger.Level.DEBUG, "There is no room for a new manifest", e);
        makeDurableInPlace(content);
      }
      return;
    }
    if (endOffset < content.limit()) {
      file.truncate(endOffset);
    }
    file.sync(SyncScope.FULL);
  }

  /**
   * Writes the last edit once more to where it is, since a full disk has no room for a new file: the same bytes leave nothing
   * worse whenever it is cut short, and they are certain to be written by the sync that follows.
   */
  private void makeDurableInPlace(ByteBuffer content) throws IOException {
    file.truncate(endOffset);
    int length = (int) endOffset - lastOffset;
    file.write(lastOffset, content.slice(lastOffset, length));
    file.sync(SyncScope.FULL);
    confirmationOwed = true;
  }

  /**
   * Checks that this is not an older manifest, put in the place of the newest together with its {@link
   * ManifestFiles#CURRENT}.
   *
   * @param fileId the next file id it has at least, as the log knows
   * @throws CorruptionException if it has a lower one
   */
  public void requireNotOlder(long fileId) {
    requireNotOlder(file.path(), version, fileId);
  }

  /**
   * Checks a manifest that was only read; see {@link #requireNotOlder(long)}.
   *
   * @throws CorruptionException if it has a lower next file id
   */
  public static void requireNotOlder(Path path, Version version, long fileId) {
    if (version.nextFileId() < fileId) {
      throw new CorruptionException(
          path
              + ": found an older manifest, whose next file id is "
              + version.nextFileId()
              + ", expected the one of the last orderly close, which the log says has "
              + fileId);
    }
  }

  /** Returns the id that all files of this database carry. */
  public long databaseId() {
    return databaseId;
  }

  /** Returns the present version. */
  public Version version() {
    return version;
  }

  /** Returns what a crash cut short and opening found; empty if nothing. */
  public String tornTail() {
    return tornTail;
  }

  /** Returns the number of the manifest file in use. */
  public long number() {
    return number;
  }

  /**
   * Makes an edit durable and applies it.
   *
   * @throws DiskFullException if there is no room for it; all is as it was then
   * @throws StorageException if it may or may not be durable; the manifest is of no more use then
   */
  public void append(VersionEdit edit) {
    try {
      Version next = version.apply(edit);
      if (endOffset > rewriteBytes || confirmationOwed) {
        try {
          rewrite(next);
          return;
        } catch (DiskFullException e) {
          LOG.log(System.Logger.Level.DEBUG, "There is no room for a new manifest", e);
        }
      }
      appendInPlace(edit);
      version = next;
    } catch (IOException e) {
      throw new StorageException(file.path() + ": an edit could not be written: " + e, e);
    }
  }

  private void appendInPlace(VersionEdit edit) throws IOException {
    int recordBefore = lastRecord;
    long endBefore = endOffset;
    try {
      if (confirmationOwed) {
        writeConfirmation();
      }
      write(ManifestRecord.EDIT, VersionEditCodec.encode(edit));
    } catch (IOException e) {
      if (!FullDisk.isCauseOf(e)) {
        throw e;
      }
      // What a crash leaves of it is a torn tail.
      file.truncate(endBefore);
      lastRecord = recordBefore;
      endOffset = endBefore;
      throw full(e);
    }
    file.sync(SyncScope.DATA);
    confirm();
  }

  /** Confirms an edit that is durable; on a full disk before the next one. */
  private void confirm() throws IOException {
    long endBefore = endOffset;
    confirmationOwed = false;
    try {
      writeConfirmation();
    } catch (IOException e) {
      if (!FullDisk.isCauseOf(e)) {
        throw e;
      }
      file.truncate(endBefore);
      confirmationOwed = true;
    }
  }

  private DiskFullException full(IOException cause) {
    return new DiskFullException(
        directory
            + ": there is no room on the disk for an edit of the manifest ("
            + cause.getMessage()
            + "); nothing of it was written",
        cause);
  }

  /**
   * Lets {@link ManifestFiles#CURRENT} vouch for every edit made so far, as an orderly close does, or leave it where
   * there is no room. What a crash leaves of a manifest sealed before and appended to afterwards has all that was sealed, so nothing has to be unsealed.
   */
  public void seal() {
    int lastEdit = lastRecord - (ManifestRecord.kindOf(lastRecord) == ManifestRecord.EDIT ? 0 : 1);
    if (lastEdit <= sealedRecord) {
      return;
    }
    try {
      ManifestFiles.writeCurrent(fileSystem, directory, databaseId, number, lastEdit);
      sealedRecord = lastEdit;
    } catch (IOException e) {
      if (FullDisk.isCauseOf(e)) { // what CURRENT says is true before it and after it
        LOG.log(System.Logger.Level.DEBUG, "There is no room to seal the manifest", e);
        return;
      }
      throw new StorageException(file.path() + ": could not be sealed: " + e, e);
    }
  }

  private void writeConfirmation() throws IOException {
    write(ManifestRecord.CONFIRMATION, new byte[0]);
  }

  private void write(byte kind, byte[] payload) throws IOException {
    ByteBuffer record = ManifestRecord.encode(lastRecord + 1, kind, payload);
    int length = record.remaining();
    file.write(endOffset, record);
    lastRecord++;
    endOffset += length;
  }

  private void rewrite(Version next) throws IOException {
    Path old = file.path();
    Manifest fresh;
    try {
      fresh = write(fileSystem, directory, databaseId, number + 1, next);
    } catch (IOException e) {
      // CURRENT does not name it, so nothing is in doubt.
      if (FullDisk.isCauseOf(e)) {
        throw full(e);
      }
      throw e;
    }
    try {
      ManifestFiles.writeCurrent(fileSystem, directory, databaseId, fresh.number, 1);
    } catch (IOException e) {
      fresh.close();
      if (!FullDisk.isCauseOf(e) || !isInUse()) {
        throw e;
      }
      deleteQuietly(fileSystem, fresh.file.path(), e);
      throw full(e);
    } catch (Throwable e) {
      fresh.close();
      throw e;
    }
    file.close();
    file = fresh.file;
    number = fresh.number;
    version = next;
    lastRecord = fresh.lastRecord;
    sealedRecord = 1;
    endOffset = fresh.endOffset;
    rewriteBytes = fresh.rewriteBytes;
    confirmationOwed = false;
    fileSystem.delete(old);
  }

  private boolean isInUse() throws IOException {
    return ManifestFiles.readCurrent(fileSystem, directory).header().fileId() == number;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new StorageException(file.path() + ": could not be closed: " + e, e);
    }
  }
}
