package io.larder.engine.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named, ordered map from key bytes to value bytes with expiry. Thread-safe; lives as long as its
 * database and is closed with it. After the keyspace is dropped every call throws {@link
 * NoSuchKeyspaceException}.
 *
 * <p>Keys sort as unsigned bytes; they have at least one byte. Reads see the newest committed state. Single
 * writes commit on their own with the database's sync mode.
 */
public interface Keyspace {

  /** Returns the name. */
  String name();

  /** Returns the number that stands for the keyspace in files; never used again after a drop. */
  int id();

  /** Returns the database this keyspace belongs to. */
  Database database();

  /** Returns the value of a key, or null. */
  byte @Nullable [] get(byte[] key);

  /** Returns the value of a key with its expiry and sequence number, or null. */
  @Nullable Entry entry(byte[] key);

  /**
   * Lets a reader look at an entry where it is stored, without a copy, and returns what the reader made of it, or
   * null if the key is absent.
   */
  <R> @Nullable R read(byte[] key, EntryReader<R> reader);

  /** What {@link #expiry} says of a key that is absent. */
  long ABSENT = -1;

  /** Returns when the entry of a key expires, 0 = never, {@link #ABSENT} if there is none; reads no value. */
  long expiry(byte[] key);

  /** Returns whether the key is present. */
  boolean exists(byte[] key);

  /** Returns entries in the order of the keys, null where absent, all from one point in time. */
  List<@Nullable Entry> entries(List<byte[]> keys);

  /** Sets a key's value without expiry. */
  void put(byte[] key, byte[] value);

  /** Sets a key's value with an absolute expiry in milliseconds since the epoch, 0 = never. */
  void put(byte[] key, byte[] value, long expiresAtMillis);

  /** Deletes a key; deleting an absent key is no error. */
  void delete(byte[] key);

  /** Opens an ascending cursor over the newest state. */
  Cursor cursor(KeyRange range);

  /** Opens a descending cursor over the newest state. */
  Cursor cursorDescending(KeyRange range);

  /**
   * Takes the exclusion of a key, waiting for it as long as {@code lock.timeout} says, so that a read and the write that depends on it are one step
   * for everyone who does the same, transactions' commits included. Reentrant by thread. Plain {@link #put} and
   * {@link #delete} and batches do not take it. Hold one key at a time, or take several through {@link
   * #lockAll}, which orders them.
   *
   * @throws ConflictException if somebody else held it all the time
   */
  KeyLock lock(byte[] key);

  /** Takes the exclusion of a key if nobody else has it at this moment; null if somebody has. */
  @Nullable KeyLock tryLock(byte[] key);

  /** Returns whether this thread has the exclusion of any key of the database; costs a microsecond or two. */
  boolean holdsAnyLock();

  /** Takes the exclusion of several keys in an order that cannot deadlock. */
  KeyLock lockAll(List<byte[]> keys);

  /** Lets an observer hear every change of the keyspace, through this and all other handles, until it is closed. */
  Observation observe(KeyspaceObserver observer);

  /** Returns sizes and counts; cheap, estimated where it says so. */
  KeyspaceStatistics statistics();

  /** The exclusion of one or more keys; closed by the thread that took it. */
  interface KeyLock extends AutoCloseable {
    @Override
    void close();
  }

  /** An observer at work; ends when it is closed, and closing it again does nothing. */
  interface Observation extends AutoCloseable {
    @Override
    void close();
  }
}
