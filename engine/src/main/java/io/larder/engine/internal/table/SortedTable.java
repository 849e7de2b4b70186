package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.codec.KeyHash;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.table.TableProperties.KeyspaceRange;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.MappedRegion;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An open sorted table, mapped read-only. Thread-safe; whoever opened it closes it, after the last reader has left,
 * cursors and views in {@link Lookup}s included.
 *
 * <p>Header, footer, the checksums of the page checksums and properties are checked by {@link #open}; everything else
 * when it is first touched. What does not check is a {@link CorruptionException} for that reader, and never a wrong or missing entry.
 */
public final class SortedTable implements AutoCloseable {
  private static final System.Logger LOG = LazyLogger.of(SortedTable.class);

  private final MappedRegion region;
  private final TablePages pages;
  private final TableMetadata metadata;
  private final TableFooter footer;
  private final TableProperties properties;
  private final KeyspaceRange[] keyspaces;
  private final BlockIndex blockIndex;
  private final @Nullable BucketIndex bucketIndex;
  private final @Nullable FuseFilter filter;

  private SortedTable(
      MappedRegion region,
      TablePages pages,
      TableMetadata metadata,
      TableFooter footer,
      TableProperties properties) {
    this.region = region;
    this.pages = pages;
    this.metadata = metadata;
    this.footer = footer;
    this.properties = properties;
    this.keyspaces = properties.keyspaces().toArray(new KeyspaceRange[0]);
    this.blockIndex = new BlockIndex(pages, footer);
    this.bucketIndex = footer.bucketCount() == 0 ? null : new BucketIndex(pages, footer);
    this.filter = footer.filterBytes() == 0 ? null : new FuseFilter(pages, footer);
  }

  /**
   * Opens a table and checks that it is the one expected.
   *
   * @param expected what {@link TableWriter#finish} returned when the table was written
   * @throws CorruptionException if the file is not exactly what was written, as far as it is read here
   * @throws StorageException if the machine refuses
   */
  public static SortedTable open(
      FileSystem fileSystem, Path path, TableIdentity identity, TableMetadata expected) {
    MappedRegion region = map(fileSystem, path, expected.sizeBytes());
    boolean opened = false;
    try {
      ByteBuffer file = region.buffer();
      FileHeader.read(
              file,
              0,
              path,
              FileType.SORTED_TABLE,
              TableLayout.FORMAT_VERSION,
              TableLayout.FORMAT_VERSION)
          .requireIdentity(path, identity.databaseId(), identity.fileId());
      TableFooter footer = TableFooter.read(file, path);
      if (footer.fileId() != identity.fileId()) {
        throw new CorruptionException(
            path + ": footer: found file id " + footer.fileId() + ", not " + identity.fileId());
      }
      TablePages pages = new TablePages(file, path, footer);
      checkGroups(file, path, footer);
      TableProperties properties = readProperties(pages, footer);
      checkMetadata(path, expected, identity, properties);
      SortedTable table = new SortedTable(region, pages, expected, footer, properties);
      opened = true;
      return table;
    } finally {
      if (!opened) {
        region.close();
      }
    }
  }

  /**
   * Opens a table of which nothing is known but its file, for what can be saved of it.
   *
   * @throws CorruptionException if header, footer or properties are damaged; nothing can be saved then
   * @throws StorageException if the machine refuses
   */
  public static SortedTable openUnlisted(FileSystem fileSystem, Path path) {
    MappedRegion region;
    try {
      region = map(fileSystem, path, fileSystem.sizeBytes(path));
    } catch (IOException e) {
      throw new StorageException(path + ": cannot open sorted table: " + e.getMessage(), e);
    }
    boolean opened = false;
    try {
      ByteBuffer file = region.buffer();
      FileHeader header =
          FileHeader.read(
              file,
              0,
              path,
              FileType.SORTED_TABLE,
              TableLayout.FORMAT_VERSION,
              TableLayout.FORMAT_VERSION);
      TableFooter footer = TableFooter.read(file, path);
      TablePages pages = new TablePages(file, path, footer);
      checkGroups(file, path, footer);
      TableProperties properties = readProperties(pages, footer);
      TableIdentity identity = new TableIdentity(header.databaseId(), header.fileId());
      TableMetadata metadata = metadata(identity, file.limit(), 0, properties);
      SortedTable table = new SortedTable(region, pages, metadata, footer, properties);
      opened = true;
      return table;
    } finally {
      if (!opened) {
        region.close();
      }
    }
  }

  private static MappedRegion map(FileSystem fileSystem, Path path, long sizeBytes) {
    try (StorageFile file = fileSystem.open(path, FileSystem.OpenMode.READ)) {
      long found = file.sizeBytes();
      long smallest = FileHeader.BYTES + TableLayout.FOOTER_BYTES;
      if (found != sizeBytes || found < smallest || found > TableLayout.FILE_BYTES_MAX) {
        throw new CorruptionException(
            path + ": found " + found + " bytes, expected a sorted table of " + sizeBytes);
      }
      return file.map(0, found);
    } catch (IOException e) {
      throw new StorageException(path + ": cannot open sorted table: " + e.getMessage(), e);
    }
  }

  private static void checkGroups(ByteBuffer file, Path path, TableFooter footer) {
    int offset = (int) footer.groupsOffset();
    int found = Checksums.crc32c(file, offset, footer.groupsBytes());
    if (found != footer.groupsChecksum()) {
      throw new CorruptionException(
          path
              + ": checksums of the page checksums at offset "
              + offset
              + ": found checksum "
              + HexFormat.of().toHexDigits(found)
              + ", expected "
              + HexFormat.of().toHexDigits(footer.groupsChecksum()));
    }
  }

  private static TableProperties readProperties(TablePages pages, TableFooter footer) {
    int offset = footer.propertiesOffset();
    int length = footer.checksumsOffset() - offset;
    pages.require(offset, length);
    TableProperties properties;
    try {
      properties = TableProperties.decode(pages.file.slice(offset, length), FileHeader.BYTES);
    } catch (CorruptionException e) {
      throw new CorruptionException(
          pages.path + ": at offset " + offset + ": " + e.getMessage(), e);
    }
    int blocks = 0;
    int end = FileHeader.BYTES;
    for (KeyspaceRange range : properties.keyspaces()) {
      boolean sane = range.blockCount() > 0 && range.end() > end;
      if (!sane || range.prefixLength() < 0 || range.prefixLength() > range.firstKey().length) {
        throw pages.corrupt(offset, "an impossible keyspace: " + range);
      }
      blocks += range.blockCount();
      end = range.end();
    }
    if (blocks != footer.blockCount() || end != footer.blocksEnd()) {
      throw pages.corrupt(offset, "keyspaces of " + blocks + " blocks that end at " + end);
    }
    return properties;
  }

  private static TableMetadata metadata(
      TableIdentity identity, long sizeBytes, int checksum, TableProperties properties) {
    KeyspaceRange first = properties.keyspaces().get(0);
    KeyspaceRange last = properties.keyspaces().get(properties.keyspaces().size() - 1);
    long entries = 0;
    long deletes = 0;
    for (KeyspaceRange range : properties.keyspaces()) {
      entries += range.entryCount();
      deletes += range.deleteCount();
    }
    return new TableMetadata(
        identity.fileId(),
        sizeBytes,
        checksum,
        entries,
        deletes,
        first.keyspaceId(),
        first.firstKey(),
        last.keyspaceId(),
        last.lastKey(),
        properties.minSequence(),
        properties.maxSequence(),
        properties.minExpiryMillis(),
        properties.maxExpiryMillis());
  }

  private static void checkMetadata(
      Path path, TableMetadata expected, TableIdentity identity, TableProperties properties) {
    TableMetadata found = metadata(identity, expected.sizeBytes(), expected.checksum(), properties);
    if (!found.equals(expected)) {
      throw new CorruptionException(path + ": found " + found + ", expected " + expected);
    }
  }

  /** Returns a walk over everything that can still be read. */
  public SalvageCursor salvage() {
    return new SalvageCursor(this);
  }

  /** Returns what the manifest keeps of the table. */
  public TableMetadata metadata() {
    return metadata;
  }

  /** Returns where the table is. */
  public Path path() {
    return pages.path;
  }

  /** Returns about how many bytes of the file are entries that have expired by a time. */
  public long expiredBytes(long millis) {
    if (metadata.maxExpiryMillis() <= millis) {
      return metadata.sizeBytes();
    }
    if (metadata.minExpiryMillis() > millis) {
      return 0;
    }
    double share = (double) properties.expiries().bytesUntil(millis) / footer.blocksEnd();
    return (long) (Math.min(1, share) * metadata.sizeBytes());
  }

  /** Returns how many different keys the table has. */
  public long keyCount() {
    long keys = 0;
    for (KeyspaceRange range : keyspaces) {
      keys += range.keyCount();
    }
    return keys;
  }

  /** Returns what the table holds of each keyspace, in their order. */
  public List<KeyspaceProperties> keyspaces() {
    List<KeyspaceProperties> all = new ArrayList<>();
    for (KeyspaceRange range : keyspaces) {
      all.add(
          new KeyspaceProperties(
              range.keyspaceId(),
              range.entryCount(),
              range.deleteCount(),
              range.keyCount(),
              (long) range.end() - range.start()));
    }
    return all;
  }

  /** Returns false only if the table has no version of the key. */
  public boolean mayContain(int keyspaceId, byte[] key) {
    return findKeyspace(keyspaceId) != null
        && (filter == null || filter.mayContain(hash(keyspaceId, key)));
  }

  private long hash(int keyspaceId, byte[] key) {
    return KeyHash.hash(footer.hashSeed(), keyspaceId, key);
  }

  /**
   * Finds the newest version of a key at or below a sequence number, tombstones and expired ones included, and returns
   * whether there is one.
   *
   * @throws CorruptionException if bytes on the way are not what was written
   */
  public boolean get(int keyspaceId, byte[] key, long maxSequence, Lookup result) {
    result.setPlace(pages.path);
    try {
      return getMapped(keyspaceId, key, maxSequence, result);
    } catch (InternalError e) {
      throw pages.unreadable(e);
    }
  }

  private boolean getMapped(int keyspaceId, byte[] key, long maxSequence, Lookup result) {
    TableRecord record = new TableRecord();
    if (find(keyspaceId, key, record)) {
      while (record.sequence > maxSequence && record.olderFollows()) {
        record.readChecked(pages, record.end(), footer.blocksEnd());
      }
      if (record.sequence <= maxSequence) {
        record.requireValue(pages);
        result.setBuffer(
            record.sequence,
            record.isDelete(),
            record.expiresAtMillis,
            pages.file,
            record.valueStart(),
            record.valueLength);
        return true;
      }
    }
    result.clear();
    return false;
  }

  /**
   * Brings what reading some keys will need into the cache: all filters, then all buckets, then all records, so that the
   * misses of one step overlap. Worth it for more than a few keys. What is damaged is passed over: whether a read needs it
   * is not known here.
   *
   * @param tables where each key is looked for; null = nowhere
   * @return a number without meaning, to be kept somewhere so that nothing is optimised away
   */
  public static int warm(@Nullable SortedTable[] tables, int keyspaceId, List<byte[]> keys) {
    long[] hashes = new long[tables.length];
    int sum = 0;
    for (int i = 0; i < tables.length; i++) {
      SortedTable table = tables[i];
      if (table != null) {
        hashes[i] = table.hash(keyspaceId, keys.get(i));
        sum += table.touchFilter(hashes[i]);
      }
    }
    int[] likely = new int[tables.length];
    for (int i = 0; i < tables.length; i++) {
      SortedTable table = tables[i];
      if (table != null) {
        likely[i] = table.touchBucket(hashes[i]);
      }
    }
    for (int i = 0; i < tables.length; i++) {
      SortedTable table = tables[i];
      if (table != null && likely[i] != 0) {
        likely[i] = table.likely(hashes[i]);
      }
    }
    for (int i = 0; i < tables.length; i++) {
      SortedTable table = tables[i];
      if (table != null && likely[i] != 0) {
        sum += table.touchRecord(likely[i]);
      }
    }
    return sum;
  }

  private int touchFilter(long hash) {
    try {
      return filter == null ? 0 : filter.touch(hash);
    } catch (InternalError e) {
      return leftToReads(pages.unreadable(e));
    }
  }

  /** A read that needs what is damaged will say so; of many reads most do not. */
  private static int leftToReads(CorruptionException damage) {
    LOG.log(System.Logger.Level.DEBUG, "Damaged bytes were not read ahead", damage);
    return 0;
  }

  /** Returns 0 if the key is not here. */
  private int touchBucket(long hash) {
    try {
      if (bucketIndex == null || filter != null && !filter.mayContain(hash)) {
        return 0;
      }
      return bucketIndex.touch(hash) | 1;
    } catch (CorruptionException e) {
      return leftToReads(e);
    } catch (InternalError e) {
      return leftToReads(pages.unreadable(e));
    }
  }

  private int likely(long hash) {
    try {
      return bucketIndex == null ? 0 : bucketIndex.likely(hash);
    } catch (CorruptionException e) {
      return leftToReads(e);
    } catch (InternalError e) {
      return leftToReads(pages.unreadable(e));
    }
  }

  private int touchRecord(int offset) {
    try {
      return pages.file.get(offset) + pages.file.get(Math.min(offset + 64, footer.blocksEnd() - 1));
    } catch (InternalError e) {
      return leftToReads(pages.unreadable(e));
    }
  }

  /** Returns the sequence number of a key's newest version, 0 if there is none. */
  public long newestSequence(int keyspaceId, byte[] key) {
    TableRecord record = new TableRecord();
    try {
      return find(keyspaceId, key, record) ? record.sequence : 0;
    } catch (InternalError e) {
      throw pages.unreadable(e);
    }
  }

  /** Finds the newest version of a key, the way every point read does. */
  boolean find(int keyspaceId, byte[] key, TableRecord record) {
    KeyspaceRange range = findKeyspace(keyspaceId);
    if (range == null) {
      return false;
    }
    if (filter == null && bucketIndex == null) {
      return findByOrder(range, key, record);
    }
    long hash = hash(keyspaceId, key);
    if (filter != null && !filter.mayContain(hash)) {
      return false;
    }
    return bucketIndex == null
        ? findByOrder(range, key, record)
        : bucketIndex.find(hash, key, range.start(), range.end(), record);
  }

  private boolean findByOrder(KeyspaceRange range, byte[] key, TableRecord record) {
    return findByOrder(range, key, record, new TableBlock(pages));
  }

  private boolean findByOrder(
      KeyspaceRange range, byte[] key, TableRecord record, TableBlock block) {
    int number = blockIndex.floor(range, key);
    if (number < range.firstBlock()) {
      return false;
    }
    block.load(blockIndex.start(number), blockIndex.end(number));
    int offset = block.firstRecord();
    while (!block.isEnd(offset)) {
      block.moveTo(offset);
      int order = block.compareKey(key);
      if (order >= 0) {
        record.readChecked(pages, offset, footer.blocksEnd());
        return order == 0;
      }
      offset = block.endOfKey();
    }
    return false;
  }

  /** Finds a key without hash and filter, in a block of the caller's; for checks that both ways agree. */
  boolean getByOrder(int keyspaceId, byte[] key, TableRecord record, TableBlock block) {
    KeyspaceRange range = findKeyspace(keyspaceId);
    return range != null && findByOrder(range, key, record, block);
  }

  private @Nullable KeyspaceRange findKeyspace(int keyspaceId) {
    int position = keyspaces.length == 1 ? 0 : ceilingKeyspace(keyspaceId);
    return position < keyspaces.length && keyspaces[position].keyspaceId() == keyspaceId
        ? keyspaces[position]
        : null;
  }

  /** Returns the position of the first keyspace at or above a number. */
  int ceilingKeyspace(int keyspaceId) {
    int low = 0;
    int high = keyspaces.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(keyspaces[middle].keyspaceId(), keyspaceId) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  int keyspaceCount() {
    return keyspaces.length;
  }

  KeyspaceRange keyspace(int position) {
    return keyspaces[position];
  }

  int blockCount() {
    return footer.blockCount();
  }

  int blocksEnd() {
    return footer.blocksEnd();
  }

  TablePages pages() {
    return pages;
  }

  BlockIndex blockIndex() {
    return blockIndex;
  }

  TableProperties properties() {
    return properties;
  }

  /** Opens a cursor over all versions, keys ascending. */
  public EntryCursor cursor() {
    return new TableCursor(this, false);
  }

  /** Opens a cursor over all versions, keys descending. */
  public EntryCursor cursorDescending() {
    return new TableCursor(this, true);
  }

  /**
   * Reads every byte and checks that all parts agree.
   *
   * @throws CorruptionException naming the place of what does not
   */
  public void verify() {
    verify(position -> {});
  }

  /**
   * Reads every byte and checks that all parts agree.
   *
   * @param reached is told, now and then, the offset in the file up to which entries were read
   * @throws CorruptionException naming the place of what does not
   */
  public void verify(LongConsumer reached) {
    new TableVerifier(this, reached).verify();
  }

  /** Gives the mapping back; see the class comment for when. */
  @Override
  public void close() {
    region.close();
  }
}
