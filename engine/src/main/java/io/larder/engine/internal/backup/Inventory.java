package io.larder.engine.internal.backup;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.codec.FieldOutput;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.codec.Varints;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.table.TableMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a backup consists of. Immutable.
 *
 * <p>As bytes: a file header (type 5, file id = sequence), the length of the payload (4), the payload, CRC-32C of
 * length and payload (4). The payload, varints unless said otherwise: time of creation, time of the state, base name
 * (length, bytes), version (length, an edit as in the manifest), number of files, and for each name (length, bytes),
 * size, CRC-32C (4 bytes), 0 if the backup has it to itself, 1 if it is shared by hard link, 2 and a name (length, bytes)
 * if another backup holds it. Format version 2 is that of inventories with such a file, 1 that of all others.
 *
 * @param databaseId the database
 * @param sequence the last change in the backup
 * @param createdMillis when it was made
 * @param stateMillis the time of its state
 * @param base the backup that tables were taken over from, or empty
 * @param version tables, keyspaces and numbers of the state
 * @param files its files, in the order in which an archive holds them
 */
record Inventory(
    long databaseId,
    long sequence,
    long createdMillis,
    long stateMillis,
    String base,
    Version version,
    List<BackupFile> files) {
  private static final int FORMAT_VERSION_MIN = 1;
  static final int FORMAT_VERSION = 2;
  private static final int OWN = 0;
  private static final int SHARED = 1;
  private static final int HELD_ELSEWHERE = 2;

  /** The header and the length. */
  static final int PREFIX_BYTES = FileHeader.BYTES + Integer.BYTES;

  static final int PAYLOAD_BYTES_MAX = 1 << 28;

  Inventory {
    files = List.copyOf(files);
  }

  /** Returns how many bytes the inventory takes whose first {@link #PREFIX_BYTES} are given. */
  static int sizeBytes(ByteBuffer prefix, Path path) {
    FileHeader.read(prefix, 0, path, FileType.BACKUP_INVENTORY, FORMAT_VERSION_MIN, FORMAT_VERSION);
    int length = prefix.limit() < PREFIX_BYTES ? -1 : prefix.getInt(FileHeader.BYTES);
    if (length < 0 || length > PAYLOAD_BYTES_MAX) {
      throw new CorruptionException(
          path
              + ": found an inventory of "
              + Integer.toUnsignedString(length)
              + " bytes, expected at most "
              + PAYLOAD_BYTES_MAX);
    }
    return PREFIX_BYTES + length + Integer.BYTES;
  }

  ByteBuffer encode() {
    FieldOutput output = new FieldOutput();
    output.number(createdMillis).number(stateMillis);
    output.bytes(base.getBytes(StandardCharsets.UTF_8)).bytes(version.encode());
    output.number(files.size());
    for (BackupFile file : files) {
      output.bytes(file.name().getBytes(StandardCharsets.UTF_8)).number(file.sizeBytes());
      output.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(file.checksum()).array());
      if (file.isOwn()) {
        output.number(file.shared() ? SHARED : OWN);
      } else {
        output.number(HELD_ELSEWHERE).bytes(file.heldBy().getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] payload = output.toByteArray();
    ByteBuffer bytes = ByteBuffer.allocate(PREFIX_BYTES + payload.length + Integer.BYTES);
    boolean whole = files.stream().allMatch(BackupFile::isOwn);
    int formatVersion = whole ? FORMAT_VERSION_MIN : FORMAT_VERSION;
    new FileHeader(FileType.BACKUP_INVENTORY, formatVersion, databaseId, sequence)
        .writeTo(bytes, 0);
    bytes.putInt(FileHeader.BYTES, payload.length);
    bytes.put(PREFIX_BYTES, payload);
    bytes.putInt(
        PREFIX_BYTES + payload.length,
        Checksums.crc32c(bytes, FileHeader.BYTES, Integer.BYTES + payload.length));
    return bytes;
  }

  /**
   * Reads an inventory, which is all of the buffer.
   *
   * @throws CorruptionException if it is damaged, or names a file that no backup has
   */
  static Inventory decode(ByteBuffer source, Path path) {
    int size = sizeBytes(source, path);
    if (source.limit() != size) {
      throw new CorruptionException(
          path + ": found " + source.limit() + " bytes, expected an inventory of " + size);
    }
    int found = source.getInt(size - Integer.BYTES);
    int expected =
        Checksums.crc32c(source, FileHeader.BYTES, size - FileHeader.BYTES - Integer.BYTES);
    if (found != expected) {
      throw new CorruptionException(
          path
              + ": found checksum "
              + HexFormat.of().toHexDigits(found)
              + ", expected "
              + HexFormat.of().toHexDigits(expected));
    }
    FileHeader header =
        FileHeader.read(
            source, 0, path, FileType.BACKUP_INVENTORY, FORMAT_VERSION_MIN, FORMAT_VERSION);
    ByteBuffer payload = source.slice(PREFIX_BYTES, size - PREFIX_BYTES - Integer.BYTES);
    try {
      return payload(header, payload);
    } catch (CorruptionException e) {
      throw new CorruptionException(path + ": " + e.getMessage(), e);
    }
  }

  private static Inventory payload(FileHeader header, ByteBuffer payload) {
    long created = Varints.getLong(payload);
    long state = Varints.getLong(payload);
    String base = text(payload);
    if (!base.isEmpty() && !Names.isValid(base)) {
      throw new CorruptionException("found a base that is no name of a backup");
    }
    Version version = Version.decode(FieldOutput.part(payload));
    int count = Varints.getInt(payload);
    List<BackupFile> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(file(payload));
    }
    if (payload.hasRemaining()) {
      throw new CorruptionException("found " + payload.remaining() + " more bytes");
    }
    Inventory inventory =
        new Inventory(header.databaseId(), header.fileId(), created, state, base, version, files);
    inventory.requireWhole();
    return inventory;
  }

  private static BackupFile file(ByteBuffer payload) {
    String name = text(payload);
    if (!BackupFile.isValidName(name)) {
      throw new CorruptionException(
          "found a file that is neither table nor log segment by its name of "
              + name.length()
              + " characters");
    }
    long size = Varints.getLong(payload);
    if (size < 0 || payload.remaining() < Integer.BYTES) {
      throw new CorruptionException("found a size of " + size + " for the file " + name);
    }
    int checksum = payload.getInt();
    int where = Varints.getInt(payload);
    if (where == OWN || where == SHARED) {
      return new BackupFile(name, size, checksum, where == SHARED);
    }
    String holder = where == HELD_ELSEWHERE ? text(payload) : "";
    if (!Names.isValid(holder)) {
      throw new CorruptionException("found no backup that holds the file " + name);
    }
    return new BackupFile(name, size, checksum, true, holder);
  }

  /** Checks that the tables of the version are there, as they should be, and no name twice. */
  private void requireWhole() {
    Map<String, BackupFile> byName = new HashMap<>();
    for (BackupFile file : files) {
      if (byName.put(file.name(), file) != null) {
        throw new CorruptionException("found the file " + file.name() + " twice");
      }
    }
    for (LiveTable live : version.tables().values()) {
      TableMetadata table = live.metadata();
      BackupFile file = byName.get(tableName(table.fileId()));
      if (file == null
          || file.sizeBytes() != table.sizeBytes()
          || file.checksum() != table.checksum()) {
        throw new CorruptionException("found another file than that of the " + table);
      }
    }
    long tables = files.stream().filter(BackupFile::isTable).count();
    if (tables != version.tables().size()) {
      throw new CorruptionException(
          "found " + tables + " tables, expected " + version.tables().size());
    }
  }

  static String tableName(long fileId) {
    return HexFormat.of().toHexDigits(fileId) + BackupFile.TABLE_SUFFIX;
  }

  /** Returns the backups in the same place that hold a file of this one. */
  Set<String> holders() {
    Set<String> holders = new TreeSet<>();
    files.stream().filter(each -> !each.isOwn()).forEach(each -> holders.add(each.heldBy()));
    return holders;
  }

  /** Returns the bytes of the files that the backup has itself. */
  long ownBytes() {
    return files.stream().filter(BackupFile::isOwn).mapToLong(BackupFile::sizeBytes).sum();
  }

  long bytes() {
    return files.stream().mapToLong(BackupFile::sizeBytes).sum();
  }

  private static String text(ByteBuffer source) {
    return StandardCharsets.UTF_8.decode(FieldOutput.part(source)).toString();
  }
}
