package io.larder.engine.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** The plainest right answer: every version in a tree map, in internal order; what tests compare with. */
public final class EntryModel {

  /** A key of a keyspace with unsigned order. */
  public record Key(int keyspaceId, byte[] bytes) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = Integer.compareUnsigned(keyspaceId, other.keyspaceId);
      return order != 0 ? order : Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && compareTo(key) == 0;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes) * 31 + keyspaceId;
    }

    @Override
    public String toString() {
      return Integer.toUnsignedString(keyspaceId)
          + "/"
          + new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /** One version of a key; the value of a tombstone is null. */
  public record Version(Key key, long sequence, byte[] value, long expiresAtMillis) {
    /** Returns whether this is a tombstone. */
    public boolean isDelete() {
      return value == null;
    }

    /** Returns whether a reader at the given time sees this version if it is the newest. */
    public boolean isLive(long nowMillis) {
      return value != null && (expiresAtMillis == 0 || expiresAtMillis > nowMillis);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Version version
          && key.equals(version.key)
          && sequence == version.sequence
          && expiresAtMillis == version.expiresAtMillis
          && Arrays.equals(value, version.value);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(sequence);
    }

    @Override
    public String toString() {
      return key + "@" + sequence + (value == null ? " deleted" : " " + value.length + " bytes");
    }
  }

  private final TreeMap<Key, List<Version>> newestFirst = new TreeMap<>();
  private int count;

  /** Adds a version that is newer than all others of its key. */
  public void add(Version version) {
    newestFirst.computeIfAbsent(version.key(), key -> new ArrayList<>()).add(0, version);
    count++;
  }

  /** Returns how many versions there are. */
  public int count() {
    return count;
  }

  /** Returns the keys in order. */
  public List<Key> keys() {
    return List.copyOf(newestFirst.keySet());
  }

  /** Returns all versions in the order a cursor gives them. */
  public List<Version> versions(boolean descending) {
    return flatten((descending ? newestFirst.descendingMap() : newestFirst).values());
  }

  /** Returns all versions from a key on, in the order a cursor gives them after a seek. */
  public List<Version> versionsFrom(Key key, boolean descending) {
    return flatten(
        descending
            ? newestFirst.headMap(key, true).descendingMap().values()
            : newestFirst.tailMap(key, true).values());
  }

  private static List<Version> flatten(Collection<List<Version>> groups) {
    List<Version> all = new ArrayList<>();
    groups.forEach(all::addAll);
    return all;
  }

  /** Returns the newest version at or below a sequence number, or null. */
  public Version newest(Key key, long maxSequence) {
    for (Version version : newestFirst.getOrDefault(key, List.of())) {
      if (version.sequence() <= maxSequence) {
        return version;
      }
    }
    return null;
  }

  /** Returns what a reader of one keyspace sees at a sequence number and a time, in key order. */
  public List<Version> visible(int keyspaceId, long maxSequence, long nowMillis) {
    List<Version> seen = new ArrayList<>();
    for (Key key : newestFirst.keySet()) {
      Version version = key.keyspaceId() == keyspaceId ? newest(key, maxSequence) : null;
      if (version != null && version.isLive(nowMillis)) {
        seen.add(version);
      }
    }
    return seen;
  }

  /** Returns the current entry of a cursor. */
  public static Version current(EntryCursor cursor) {
    byte[] value = cursor.isDelete() ? null : cursor.value();
    if (cursor.isDelete()) {
      assertThat(cursor.valueLength()).isZero();
    }
    return new Version(
        new Key(cursor.keyspaceId(), cursor.key()),
        cursor.sequence(),
        value,
        cursor.expiresAtMillis());
  }

  /** Returns everything a cursor still gives. */
  public static List<Version> drain(EntryCursor cursor) {
    List<Version> all = new ArrayList<>();
    while (cursor.next()) {
      all.add(current(cursor));
    }
    assertThat(cursor.next()).isFalse();
    return all;
  }

  /** Returns the newest version of each key a cursor still gives, stepping by keys. */
  public static List<Version> drainKeys(EntryCursor cursor) {
    List<Version> all = new ArrayList<>();
    while (cursor.nextKey()) {
      all.add(current(cursor));
    }
    return all;
  }

  /** Returns the first version of each key of a list. */
  public static List<Version> firstOfEachKey(List<Version> versions) {
    TreeMap<Key, Version> first = new TreeMap<>(Comparator.naturalOrder());
    List<Version> kept = new ArrayList<>();
    for (Version version : versions) {
      if (first.putIfAbsent(version.key(), version) == null) {
        kept.add(version);
      }
    }
    return kept;
  }

  /** Returns a random key of one of several shapes: short, with long common prefixes, with zero bytes. */
  public static Key randomKey(Random random, int keyspaces, int variety) {
    int[] ids = {1, 7, 300, Integer.MIN_VALUE, -2};
    int keyspaceId = ids[random.nextInt(Math.min(keyspaces, ids.length))];
    int number = random.nextInt(variety);
    byte[] key =
        switch (number & 3) {
          case 0 -> ("key" + number).getBytes(StandardCharsets.ISO_8859_1);
          case 1 -> ("a-long-common-prefix/" + number).getBytes(StandardCharsets.ISO_8859_1);
          case 2 -> new byte[1 + number % 11]; // zeros: one is a prefix of the next
          default -> new byte[] {(byte) number, (byte) (number >> 8), (byte) 0x80, (byte) 0xFF};
        };
    return new Key(keyspaceId, key);
  }

  /** Returns a random version: mostly values, some tombstones, some with expiry. */
  public static Version randomVersion(Random random, Key key, long sequence) {
    int kind = random.nextInt(10);
    byte[] value = new byte[random.nextInt(kind == 9 ? 300 : 20)];
    random.nextBytes(value);
    long expiry = kind == 1 || kind == 2 ? 1 + random.nextInt(2000) : 0;
    return new Version(key, sequence, kind == 0 ? null : value, kind == 0 ? 0 : expiry);
  }
}
