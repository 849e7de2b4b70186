package io.larder.engine.internal.table;

import io.larder.engine.api.StorageException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.codec.KeyHash;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.table.TableProperties.KeyspaceRange;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one sorted table from entries in internal order. One thread; whoever created it finishes and closes it, and a
 * table closed without {@link #finish} is deleted.
 *
 * <p>Until the end it keeps 12 bytes a key for hash index and filter and the first key of each block of the current
 * keyspace; building the filter takes about 25 more bytes a key for a moment.
 */
public final class TableWriter implements AutoCloseable {
  /** What a record that expires takes besides key and value, about. */
  private static final int RECORD_BYTES = 14;

  private final FileSystem fileSystem;
  private final Path path;
  private final TableIdentity identity;
  private final TableOptions options;
  private final long hashSeed;
  private final StorageFile file;
  private final PageOutput output;
  private final BlockBuilder block = new BlockBuilder();
  private final SingleEntry single = new SingleEntry();

  private long[] hashes = new long[1024];
  private int[] offsets = new int[1024];
  private int hashedKeys;
  private int placedKeys;

  private final List<KeyspaceRange> keyspaces = new ArrayList<>();
  private final List<byte[]> blockFirstKeys = new ArrayList<>();
  private byte[] blockIndex = new byte[64 * TableLayout.INDEX_ENTRY_BYTES];
  private int blockIndexBytes;
  private int[] blockOffsets = new int[64];
  private int blockCount;

  private boolean started;
  private int keyspaceId;
  private byte[] lastKey = new byte[64];
  private int lastKeyLength;
  private long lastSequence;
  private byte[] keyspaceFirstKey = new byte[0];
  private int keyspaceFirstBlock;
  private int keyspaceStart;
  private long keyspaceEntries;
  private long keyspaceDeletes;
  private long keyspaceKeys;

  private long entryCount;
  private long deleteCount;
  private long minSequence = Long.MAX_VALUE;
  private long maxSequence;
  private long minExpiryMillis = Long.MAX_VALUE;
  private long maxExpiryMillis;
  private final ExpiryHistogram expiries = new ExpiryHistogram();
  private boolean finished;

  private TableWriter(
      FileSystem fileSystem,
      Path path,
      TableIdentity identity,
      TableOptions options,
      StorageFile file) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.identity = identity;
    this.options = options;
    this.file = file;
    this.output = new PageOutput(file);
    this.hashSeed = FuseShape.mix(identity.fileId(), identity.databaseId());
  }

  /**
   * Creates the file, which must not exist.
   *
   * @throws StorageException if the machine refuses
   */
  public static TableWriter create(
      FileSystem fileSystem, Path path, TableIdentity identity, TableOptions options) {
    try {
      StorageFile file = fileSystem.open(path, FileSystem.OpenMode.CREATE_NEW);
      TableWriter writer = new TableWriter(fileSystem, path, identity, options, file);
      ByteBuffer header = ByteBuffer.allocate(FileHeader.BYTES);
      new FileHeader(
              FileType.SORTED_TABLE,
              TableLayout.FORMAT_VERSION,
              identity.databaseId(),
              identity.fileId())
          .writeTo(header, 0);
      writer.output.write(header.array());
      return writer;
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static StorageException failure(Path path, IOException cause) {
    return new StorageException(path + ": cannot write sorted table: " + cause.getMessage(), cause);
  }

  /** Adds a version, or a tombstone if the value is null; see {@link #add(EntryCursor)}. */
  public void add(
      int entryKeyspaceId,
      byte[] key,
      long sequence,
      byte @Nullable [] value,
      long expiresAtMillis) {
    single.set(entryKeyspaceId, key, sequence, value, expiresAtMillis);
    add(single);
  }

  /**
   * Adds the current entry of a cursor.
   *
   * @throws IllegalArgumentException if it does not come after the previous one in internal order
   * @throws StorageException if the machine refuses
   */
  public void add(EntryCursor entry) {
    boolean sameKey = false;
    if (started) {
      int order = entry.compareKey(keyspaceId, lastKey, 0, lastKeyLength);
      sameKey = order == 0;
      if (order < 0 || sameKey && entry.sequence() >= lastSequence) {
        throw new IllegalArgumentException(
            path + ": entry " + entryCount + " does not come after the one before it");
      }
    }
    if (!sameKey) {
      try {
        startKey(entry);
      } catch (IOException e) {
        throw failure(path, e);
      }
    }
    block.add(entry, sameKey);
    count(entry);
  }

  private void startKey(EntryCursor entry) throws IOException {
    boolean newKeyspace = !started || entry.keyspaceId() != keyspaceId;
    if (!block.isEmpty() && (newKeyspace || block.sizeBytes() >= options.blockSizeBytes())) {
      writeBlock();
    }
    if (newKeyspace) {
      endKeyspace();
      started = true;
      keyspaceId = entry.keyspaceId();
      keyspaceFirstKey = entry.key();
      keyspaceFirstBlock = blockCount;
      keyspaceStart = (int) output.position();
    }
    int length = entry.keyLength();
    if (length > lastKey.length) {
      lastKey = new byte[Math.max(length, lastKey.length << 1)];
    }
    System.arraycopy(entry.keyArray(), entry.keyOffset(), lastKey, 0, length);
    lastKeyLength = length;
    keyspaceKeys++;
    if (options.hashIndex() || options.filter()) {
      if (hashedKeys == hashes.length) {
        hashes = Arrays.copyOf(hashes, hashedKeys << 1);
        offsets = Arrays.copyOf(offsets, hashedKeys << 1);
      }
      hashes[hashedKeys++] = KeyHash.hash(hashSeed, keyspaceId, lastKey, 0, length);
    }
  }

  private void count(EntryCursor entry) {
    lastSequence = entry.sequence();
    minSequence = Math.min(minSequence, lastSequence);
    maxSequence = Math.max(maxSequence, lastSequence);
    entryCount++;
    keyspaceEntries++;
    if (entry.isDelete()) {
      deleteCount++;
      keyspaceDeletes++;
    }
    long expiry = entry.expiresAtMillis();
    minExpiryMillis = expiry == 0 ? minExpiryMillis : Math.min(minExpiryMillis, expiry);
    maxExpiryMillis = expiry == 0 ? Long.MAX_VALUE : Math.max(maxExpiryMillis, expiry);
    if (expiry != 0) {
      expiries.add(expiry, RECORD_BYTES + entry.keyLength() + entry.valueLength());
    }
  }

  private void writeBlock() throws IOException {
    int start = (int) output.position();
    block.encode();
    if (hashedKeys > 0) {
      for (int i = 0; i < block.count(); i++) {
        if (!block.isSameKey(i)) {
          offsets[placedKeys++] = start + block.recordOffset(i);
        }
      }
    }
    if (blockCount == blockOffsets.length) {
      blockOffsets = Arrays.copyOf(blockOffsets, blockCount << 1);
    }
    blockOffsets[blockCount++] = start;
    blockFirstKeys.add(block.firstKey());
    output.write(block.encoded(), 0, block.encodedBytes());
    block.clear();
  }

  private void endKeyspace() {
    if (!started) {
      return;
    }
    int mismatch =
        Arrays.mismatch(keyspaceFirstKey, 0, keyspaceFirstKey.length, lastKey, 0, lastKeyLength);
    int prefixLength = mismatch < 0 ? lastKeyLength : mismatch;
    for (int i = 0; i < blockFirstKeys.size(); i++) {
      byte[] firstKey = blockFirstKeys.get(i);
      if (blockIndexBytes == blockIndex.length) {
        blockIndex = Arrays.copyOf(blockIndex, blockIndexBytes << 1);
      }
      ByteBuffer.wrap(blockIndex, blockIndexBytes, TableLayout.INDEX_ENTRY_BYTES)
          .putInt(blockOffsets[keyspaceFirstBlock + i])
          .putLong(TableLayout.discriminator(firstKey, prefixLength, firstKey.length));
      blockIndexBytes += TableLayout.INDEX_ENTRY_BYTES;
    }
    keyspaces.add(
        new KeyspaceRange(
            keyspaceId,
            keyspaceEntries,
            keyspaceDeletes,
            keyspaceKeys,
            keyspaceFirstBlock,
            blockFirstKeys.size(),
            keyspaceStart,
            (int) output.position(),
            prefixLength,
            keyspaceFirstKey,
            Arrays.copyOf(lastKey, lastKeyLength)));
    blockFirstKeys.clear();
    keyspaceEntries = 0;
    keyspaceDeletes = 0;
    keyspaceKeys = 0;
  }

  /** Returns how many bytes of entries were added so far, to decide when to start the next table. */
  public long sizeBytes() {
    return output.position() + block.sizeBytes();
  }

  /** Returns how many keys were added so far; each takes memory until the table is finished. */
  public long keyCount() {
    return hashedKeys;
  }

  /**
   * Writes indexes, properties and footer and makes the file and its name durable.
   *
   * @return what the manifest has to keep
   * @throws IllegalStateException if nothing was added or it is finished already
   * @throws StorageException if the machine refuses; the file must not be used
   */
  public TableMetadata finish() {
    if (finished || entryCount == 0) {
      throw new IllegalStateException(
          path + (finished ? ": finished already" : ": a table needs at least one entry"));
    }
    try {
      writeBlock();
      endKeyspace();
      int checksum = writeEnd();
      file.sync(StorageFile.SyncScope.FULL);
      file.close();
      fileSystem.syncDirectory(parent());
      finished = true;
      return metadata(checksum);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private Path parent() {
    Path parent = path.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private int writeEnd() throws IOException {
    int blocksEnd = (int) output.position();
    output.padTo(TableLayout.BUCKET_BYTES);
    int hashOffset = (int) output.position();
    if (options.hashIndex()) {
      output.write(BucketIndexBuilder.build(hashes, offsets, hashedKeys));
    }
    int filterOffset = (int) output.position();
    byte[] filter = options.filter() ? FuseFilterBuilder.build(hashes, hashedKeys) : null;
    if (filter != null) {
      output.write(filter);
    }
    int indexOffset = (int) output.position();
    output.write(blockIndex, 0, blockIndexBytes);
    int propertiesOffset = (int) output.position();
    TableProperties properties =
        new TableProperties(
            minSequence, maxSequence, minExpiryMillis, maxExpiryMillis, keyspaces, expiries);
    output.write(properties.encode());
    int checksumsOffset = (int) output.position();
    byte[] checksums = output.endPages();
    byte[] groups = TablePages.groupChecksums(checksums);
    TableFooter footer =
        new TableFooter(
            identity.fileId(),
            hashSeed,
            hashOffset,
            filterOffset,
            indexOffset,
            propertiesOffset,
            checksumsOffset,
            checksumsOffset + checksums.length + groups.length + TableLayout.FOOTER_BYTES,
            blocksEnd,
            Checksums.crc32c(groups, 0, groups.length));
    output.write(checksums);
    output.write(groups);
    output.write(footer.encode());
    return output.finish();
  }

  private TableMetadata metadata(int checksum) {
    KeyspaceRange first = keyspaces.get(0);
    KeyspaceRange last = keyspaces.get(keyspaces.size() - 1);
    return new TableMetadata(
        identity.fileId(),
        output.position(),
        checksum,
        entryCount,
        deleteCount,
        first.keyspaceId(),
        first.firstKey(),
        last.keyspaceId(),
        last.lastKey(),
        minSequence,
        maxSequence,
        minExpiryMillis,
        maxExpiryMillis);
  }

  /** Gives the file up unless it is finished; does nothing the second time. */
  @Override
  public void close() {
    if (finished) {
      return;
    }
    finished = true;
    try (StorageFile unfinished = file) {
      fileSystem.delete(unfinished.path());
    } catch (IOException e) {
      LazyLogger.of(TableWriter.class)
          .log(System.Logger.Level.WARNING, path + ": cannot delete an unfinished table", e);
    }
  }

  /** An entry given by its parts. */
  private static final class SingleEntry implements EntryCursor {
    private int keyspaceId;
    private byte[] key = new byte[0];
    private long sequence;
    private byte @Nullable [] value;
    private long expiresAtMillis;

    void set(
        int newKeyspaceId,
        byte[] newKey,
        long newSequence,
        byte @Nullable [] newValue,
        long newExpiry) {
      keyspaceId = newKeyspaceId;
      key = newKey;
      sequence = newSequence;
      value = newValue;
      expiresAtMillis = newExpiry;
    }

    @Override
    public boolean next() {
      throw new UnsupportedOperationException("stands on one entry");
    }

    @Override
    public boolean nextKey() {
      throw new UnsupportedOperationException("stands on one entry");
    }

    @Override
    public void seek(int soughtKeyspaceId, byte[] soughtKey) {
      throw new UnsupportedOperationException("stands on one entry");
    }

    @Override
    public void rewind() {
      throw new UnsupportedOperationException("stands on one entry");
    }

    @Override
    public boolean isDescending() {
      return false;
    }

    @Override
    public int keyspaceId() {
      return keyspaceId;
    }

    @Override
    public long sequence() {
      return sequence;
    }

    @Override
    public boolean isDelete() {
      return value == null;
    }

    @Override
    public long expiresAtMillis() {
      return expiresAtMillis;
    }

    @Override
    public byte[] keyArray() {
      return key;
    }

    @Override
    public int keyOffset() {
      return 0;
    }

    @Override
    public int keyLength() {
      return key.length;
    }

    @Override
    public int valueLength() {
      return value == null ? 0 : value.length;
    }

    @Override
    public void copyValue(byte[] target, int offset) {
      if (value != null) {
        System.arraycopy(value, 0, target, offset, value.length);
      }
    }

    @Override
    public void close() {}
  }
}
