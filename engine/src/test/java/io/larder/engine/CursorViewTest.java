package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.EntryReaderTest.Place;
import io.larder.engine.api.ByteView;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.Transaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Views of what a cursor stands on, in memtables, in tables, and across both. */
@Timeout(60)
final class CursorViewTest {
  private static final int LARGE = 1 << 20;

  private final EntryReaderTest places = new EntryReaderTest();

  private static byte[] key(int number) {
    return ByteBuffer.allocate(8).putInt(number).putInt(~number).array();
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Sizes around everything that is treated in its own way: none, less than a number, a block, a window, a chunk. */
  private static int size(Random random) {
    return switch (random.nextInt(100)) {
      case 0 -> LARGE;
      case 1 -> 70_000 + random.nextInt(100);
      case 2, 3 -> 10_000 + random.nextInt(10_000);
      case 4, 5 -> 0;
      case 6, 7 -> 1 + random.nextInt(8);
      default -> 100 + random.nextInt(100);
    };
  }

  private static void change(Random random, Keyspace keyspace, int times) {
    for (int change = 0; change < times; change++) {
      byte[] key = key(random.nextInt(120));
      if (random.nextInt(6) == 0) {
        keyspace.delete(key);
      } else {
        keyspace.put(key, bytes(random, size(random)));
      }
    }
  }

  private Keyspace filled(Database database, Place place, Random random) {
    Keyspace keyspace = database.createKeyspace("k");
    for (int round = 0; round < 4; round++) {
      change(random, keyspace, 80);
      EntryReaderTest.settle(database, place, round);
    }
    return keyspace;
  }

  /** Holds what views show against copies, entry by entry, and returns the number of entries. */
  private static int compare(Cursor cursor) {
    int entries = 0;
    try (cursor) {
      while (cursor.next()) {
        requireSame(cursor.keyView(), cursor.key());
        requireSame(cursor.valueView(), cursor.value());
        assertThat(cursor.keyView().toArray()).isEqualTo(cursor.key());
        entries++;
      }
    }
    return entries;
  }

  private static void requireSame(ByteView view, byte[] copy) {
    int length = copy.length;
    assertThat(view.length()).isEqualTo(length);
    assertThat(Arrays.equals(view.toArray(), copy)).isTrue();
    assertThat(view.compareUnsigned(copy)).isZero();
    assertThat(view.compareUnsigned(Arrays.copyOf(copy, length + 1))).isNegative();
    if (length > 0) {
      assertThat(view.getByte(length - 1)).isEqualTo(copy[length - 1]);
      assertThat(view.compareUnsigned(Arrays.copyOf(copy, length - 1))).isPositive();
      byte[] other = copy.clone();
      other[length / 2] ^= (byte) 0x80;
      assertThat(view.compareUnsigned(other) < 0).isEqualTo(copy[length / 2] >= 0);
    }
    if (length >= Long.BYTES) {
      ByteBuffer buffer = ByteBuffer.wrap(copy);
      assertThat(view.getLong(0)).isEqualTo(buffer.getLong(0));
      assertThat(view.getLong(length - 8)).isEqualTo(buffer.getLong(length - 8));
      assertThat(view.getInt(length - 4)).isEqualTo(buffer.getInt(length - 4));
      byte[] part = new byte[length];
      view.copyTo(3, part, 1, length - 4);
      assertThat(Arrays.equals(part, 1, length - 3, copy, 3, length - 1)).isTrue();
    }
    requireBounds(view, length);
  }

  private static void requireBounds(ByteView view, int length) {
    List<ThrowingCallable> calls =
        List.of(
            () -> view.getByte(length),
            () -> view.getByte(-1),
            () -> view.getInt(length - 3),
            () -> view.getLong(length - 7),
            () -> view.getLong(Integer.MAX_VALUE),
            () -> view.copyTo(0, new byte[length + 1], 0, length + 1),
            () -> view.copyTo(1, new byte[1], 0, -1));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  private static void compareBothWays(Reader reader, Keyspace keyspace) {
    int entries = compare(reader.cursor(keyspace, KeyRange.all()));
    assertThat(entries).isPositive();
    assertThat(compare(reader.cursorDescending(keyspace, KeyRange.all()))).isEqualTo(entries);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void views_showWhatCopiesHold(Place place) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Database database = places.open(place)) {
      Keyspace keyspace = filled(database, place, random);
      try (Snapshot snapshot = database.snapshot();
          Transaction transaction = database.begin()) {
        change(random, keyspace, 20);
        compareBothWays(database.latest(), keyspace);
        compareBothWays(snapshot, keyspace);
        compareBothWays(transaction, keyspace);
        transaction.put(keyspace, key(7), bytes(random, LARGE));
        transaction.put(keyspace, key(8), new byte[0]);
        transaction.put(keyspace, key(200), bytes(random, 20));
        transaction.delete(keyspace, key(9));
        compareBothWays(transaction, keyspace);
      }
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void view_afterTheCursorHasLeftTheEntry_saysSo(Place place) {
    try (Database database = places.open(place)) {
      Keyspace keyspace = filled(database, place, new Random(1));
      try (Transaction transaction = database.begin()) {
        transaction.put(keyspace, key(-1), new byte[9]);
        transaction.put(keyspace, key(0), new byte[9]);
        for (Reader reader : List.of(database.latest(), transaction)) {
          requireGoneAfter(reader, keyspace, Cursor::next);
          requireGoneAfter(reader, keyspace, cursor -> cursor.seek(key(3)));
          requireGoneAfter(reader, keyspace, Cursor::close);
        }
      }
    }
  }

  /** A way to leave an entry. */
  private interface Move {
    void of(Cursor cursor);
  }

  private static void requireGoneAfter(Reader reader, Keyspace keyspace, Move move) {
    try (Cursor cursor = reader.cursorDescending(keyspace, KeyRange.all())) {
      requireNoView(cursor);
      for (int step = 0; step < 3; step++) {
        assertThat(cursor.next()).isTrue();
      }
      ByteView key = cursor.keyView();
      ByteView value = cursor.valueView();
      move.of(cursor);
      for (ByteView view : List.of(key, value)) {
        List<ThrowingCallable> uses =
            List.of(
                view::length,
                () -> view.getByte(0),
                () -> view.getInt(0),
                () -> view.getLong(0),
                view::toArray,
                () -> view.copyTo(0, new byte[0], 0, 0),
                () -> view.compareUnsigned(new byte[0]));
        for (ThrowingCallable use : uses) {
          assertThatThrownBy(use)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("moved or is closed");
        }
      }
    }
  }

  private static void requireNoView(Cursor cursor) {
    assertThatThrownBy(cursor::keyView).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::valueView).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void view_whereThereIsNoEntry_isRefused(Place place) {
    Database database = places.open(place);
    Keyspace keyspace = filled(database, place, new Random(1));
    Cursor left = keyspace.cursor(KeyRange.all());
    try (database;
        Cursor ended = keyspace.cursor(KeyRange.all())) {
      while (ended.next()) {
        requireSame(ended.keyView(), ended.key());
      }
      requireNoView(ended);
      ended.close();
      assertThatThrownBy(ended::keyView).isInstanceOf(ClosedException.class);
      assertThatThrownBy(ended::valueView).isInstanceOf(ClosedException.class);
      assertThat(left.next()).isTrue();
    }
    assertThatThrownBy(left::keyView).isInstanceOf(ClosedException.class);
    assertThatThrownBy(left::valueView).isInstanceOf(ClosedException.class);
    left.close();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void view_staysWhatItIs_whileEverythingUnderItIsRewritten(Place place) {
    Random random = new Random(2);
    try (Database database = places.open(place)) {
      Keyspace keyspace = filled(database, place, random);
      keyspace.put(key(50), bytes(random, LARGE));
      EntryReaderTest.settle(database, place, 0);
      List<Cursor> cursors = new ArrayList<>();
      List<byte[]> values = new ArrayList<>();
      List<ByteView> views = new ArrayList<>();
      for (int number = 0; number < 100; number += 5) {
        Cursor cursor = keyspace.cursor(new KeyRange(key(number), null));
        assertThat(cursor.next()).isTrue();
        cursors.add(cursor);
        values.add(cursor.value());
        views.add(cursor.valueView());
      }
      for (int round = 0; round < 3; round++) {
        change(random, keyspace, 200);
        database.flush();
        database.compact();
      }
      database.clearKeyspace("k");
      database.compact();
      for (int index = 0; index < views.size(); index++) {
        requireSame(views.get(index), values.get(index));
        Cursor cursor = cursors.get(index);
        while (cursor.next()) {
          requireSame(cursor.valueView(), cursor.value());
        }
        cursor.close();
      }
    }
  }

  /** Every value repeats its first byte, so that bytes of two entries, or of none, are noticed. */
  @ParameterizedTest
  @EnumSource(Place.class)
  void views_besideWritersFlushesAndMerges_showOneEntry(Place place) throws Exception {
    try (Database database = places.open(place)) {
      Keyspace keyspace = database.createKeyspace("k");
      for (int number = 0; number < 500; number++) {
        keyspace.put(key(number), repeated(number, number % 50 == 0 ? 20_000 : 90));
      }
      EntryReaderTest.settle(database, place, 0);
      AtomicBoolean ended = new AtomicBoolean();
      CountDownLatch written = new CountDownLatch(3);
      Thread writer =
          new Thread(
              () -> {
                Random random = new Random(3);
                for (int round = 0; !ended.get(); round++) {
                  for (int change = 0; change < 100; change++) {
                    keyspace.put(
                        key(random.nextInt(500)),
                        repeated(change, random.nextInt(20) == 0 ? 20_000 : 90));
                  }
                  database.flush();
                  if (round % 3 == 0) {
                    database.compact();
                  }
                  written.countDown();
                }
              });
      writer.start();
      try {
        for (int walk = 0; walk < 20 || written.getCount() > 0; walk++) {
          boolean descending = walk % 2 == 0;
          assertThat(walk(keyspace, descending)).isEqualTo(500);
        }
      } finally {
        ended.set(true);
        writer.join();
      }
    }
  }

  private static byte[] repeated(int content, int length) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) content);
    return value;
  }

  private static int walk(Keyspace keyspace, boolean descending) {
    int entries = 0;
    try (Cursor cursor =
        descending ? keyspace.cursorDescending(KeyRange.all()) : keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        int number = descending ? 499 - entries : entries;
        assertThat(cursor.keyView().compareUnsigned(key(number))).isZero();
        ByteView value = cursor.valueView();
        byte content = value.getByte(0);
        for (int index = 1; index < value.length(); index++) {
          if (value.getByte(index) != content) {
            throw new AssertionError("key " + number + ": byte " + index + " is another entry's");
          }
        }
        entries++;
      }
    }
    return entries;
  }
}
