package io.larder.engine.internal.io;

/**
 * What a power loss leaves of everything that was not yet synced. Whatever was synced always stays, but for
 * {@link #PROCESS_KILLED}, which is no power loss at all.
 */
public enum LossModel {
  /** Nothing of it. */
  NOTHING,
  /** All of it. */
  EVERYTHING,
  /** What came before a random moment. */
  PREFIX,
  /** What came before a random moment, and random 512-byte sectors of the write at that moment. */
  TORN_PREFIX,
  /** All but one random change. */
  DROP_ONE,
  /** One random change. */
  KEEP_ONE,
  /** Each change by the toss of a coin. */
  RANDOM,
  /** Each 512-byte sector, size and name by the toss of a coin. */
  TORN_SECTORS,
  /** All names and nothing of the bytes and sizes. */
  NAMES_WITHOUT_DATA,
  /** All names and sizes, but zeros for bytes. */
  SIZES_WITHOUT_DATA,
  /** All bytes and sizes of files whose names were durable, and no change of a name. */
  DATA_WITHOUT_NAMES,
  /** The process ends, the machine goes on: all is there, and what was not synced still is not. */
  PROCESS_KILLED
}
