package io.larder.engine.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.codec.StoredBytes;
import io.larder.engine.internal.io.LocalFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One damaged page fails those reads that need it and no others; large values are checked where they are looked at. */
final class DamagedPagesTest {
  private static final TableIdentity IDENTITY = new TableIdentity(0x1122334455667788L, 42);
  private static final int KEYSPACE = 1;
  private static final int ENTRIES = 9;
  private static final int DAMAGED = 4;
  private static final int VALUE_BYTES = 70_000;

  @TempDir Path directory;
  private Path path;
  private TableMetadata metadata;
  private byte[] content;

  @BeforeEach
  void write() throws IOException {
    write(ENTRIES, VALUE_BYTES);
  }

  private void write(int entries, int valueBytes) throws IOException {
    path = directory.resolve("table" + entries);
    try (TableWriter writer =
        TableWriter.create(LocalFileSystem.instance(), path, IDENTITY, TableOptions.defaults())) {
      for (int number = 0; number < entries; number++) {
        byte[] value = Arrays.copyOf(value(number), valueBytes);
        writer.add(KEYSPACE, key(number), number + 1, value, 0);
      }
      metadata = writer.finish();
    }
    content = Files.readAllBytes(path);
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(16).putLong(8, number).array();
  }

  private static byte[] value(int number) {
    ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
    while (value.remaining() >= Long.BYTES) {
      value.putLong(number * 1_000_003L + value.position());
    }
    return value.array();
  }

  private SortedTable open() {
    return SortedTable.open(OneFile.of(content), path, IDENTITY, metadata);
  }

  /** Damages a byte in the middle of one value. */
  private void damageValue() {
    TableRecord record = new TableRecord();
    try (SortedTable table = open()) {
      assertThat(table.find(KEYSPACE, key(DAMAGED), record)).isTrue();
    }
    content[record.valueStart() + VALUE_BYTES / 2] ^= 1;
  }

  @Test
  void walk_pastADamagedValue_readsAllElse() {
    damageValue();
    try (SortedTable table = open()) {
      for (boolean descending : new boolean[] {false, true}) {
        StoredBytes view = new StoredBytes();
        try (TableCursor cursor = new TableCursor(table, descending)) {
          for (int place = 0; place < ENTRIES; place++) {
            int number = descending ? ENTRIES - 1 - place : place;
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.key()).isEqualTo(key(number));
            assertThat(cursor.valueLength()).isEqualTo(VALUE_BYTES);
            cursor.viewValue(view);
            assertThat(view.getLong(0)).isEqualTo(number * 1_000_003L);
            assertThat(view.getLong(VALUE_BYTES - Long.BYTES))
                .isEqualTo(ByteBuffer.wrap(value(number)).getLong(VALUE_BYTES - Long.BYTES));
            if (number == DAMAGED) {
              assertRefused(() -> view.getByte(VALUE_BYTES / 2));
              assertRefused(() -> view.getInt(VALUE_BYTES / 2));
              assertRefused(() -> view.getLong(VALUE_BYTES / 2));
              assertRefused(view::toArray);
              assertRefused(() -> view.compareUnsigned(value(number)));
              assertRefused(cursor::value);
            } else {
              assertThat(view.compareUnsigned(value(number))).isZero();
              assertThat(cursor.value()).isEqualTo(value(number));
            }
          }
          assertThat(cursor.next()).isFalse();
        }
      }
    }
  }

  @Test
  void point_ofADamagedValue_isRefused_butNotTheQuestionHowNewItIs() {
    damageValue();
    try (SortedTable table = open()) {
      Lookup lookup = new Lookup();
      for (int number = 0; number < ENTRIES; number++) {
        byte[] key = key(number);
        assertThat(table.newestSequence(KEYSPACE, key)).isEqualTo(number + 1);
        if (number == DAMAGED) {
          assertRefused(() -> table.get(KEYSPACE, key, Long.MAX_VALUE, lookup));
        } else {
          assertThat(table.get(KEYSPACE, key, Long.MAX_VALUE, lookup)).isTrue();
          assertThat(lookup.copyValue()).isEqualTo(value(number));
        }
      }
      assertRefused(table::verify);
    }
  }

  @Test
  void salvage_losesTheDamagedValueOnly() {
    damageValue();
    try (SortedTable table = open();
        SalvageCursor cursor = table.salvage()) {
      for (int number = 0; number < ENTRIES; number++) {
        if (number != DAMAGED) {
          assertThat(cursor.next()).isTrue();
          assertThat(cursor.key()).isEqualTo(key(number));
          assertThat(cursor.value()).isEqualTo(value(number));
        }
      }
      assertThat(cursor.next()).isFalse();
      assertThat(cursor.losses()).hasSize(1);
      assertThat(cursor.losses().get(0).after()).isEqualTo(key(DAMAGED - 1));
      assertThat(cursor.losses().get(0).before()).isEqualTo(key(DAMAGED + 1));
    }
  }

  /** Many keys are read ahead in all tables; those found in newer ones never ask the damaged one. */
  @Test
  void warm_whatIsDamaged_isLeftToTheReadThatNeedsIt() throws IOException {
    write(20_000, 1);
    TableFooter footer = TableFooter.read(ByteBuffer.wrap(content), path);
    damage(footer.hashOffset(), footer.filterOffset());
    requireWarmPassesOver();
    damage(footer.filterOffset(), footer.indexOffset());
    requireWarmPassesOver();
  }

  /** Damages all pages that lie between two offsets. */
  private void damage(int from, int to) {
    int first = TableLayout.pageCount(from);
    int end = to >>> TableLayout.PAGE_BITS;
    assertThat(end - first).isPositive();
    for (int page = first; page < end; page++) {
      content[page << TableLayout.PAGE_BITS] ^= 1;
    }
  }

  private void requireWarmPassesOver() {
    List<byte[]> keys = IntStream.range(0, 500).mapToObj(DamagedPagesTest::key).toList();
    try (SortedTable table = open()) {
      SortedTable[] tables = new SortedTable[keys.size()];
      Arrays.fill(tables, table);
      tables[3] = null;
      int sum = SortedTable.warm(tables, KEYSPACE, keys);
      assertThat(sum).isNotEqualTo(Integer.MIN_VALUE); // returned at all
      assertThat(keys)
          .anySatisfy(
              key -> assertRefused(() -> table.get(KEYSPACE, key, Long.MAX_VALUE, new Lookup())));
    }
  }

  private void assertRefused(ThrowingCallable read) {
    assertThatThrownBy(read)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(path.toString());
  }
}
