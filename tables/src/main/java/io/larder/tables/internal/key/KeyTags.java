package io.larder.tables.internal.key;

/**
 * First bytes of key components. Their order is the order of keys of different types; the gaps leave room.
 * Numbers on disk: never reused, never changed. FORMAT.md shows the payloads.
 */
public final class KeyTags {
  /** Ends texts, byte strings and lists inside a key; sorts before every tag. */
  public static final int END = 0x00;

  /** After a zero byte inside a text or byte string that is not the key's last; above every tag. */
  public static final int ESCAPE = 0xFF;

  /** Null. */
  public static final int NULL = 0x08;

  /** False. */
  public static final int FALSE = 0x10;

  /** True. */
  public static final int TRUE = 0x11;

  /** A {@code Byte}. */
  public static final int BYTE = 0x18;

  /** A {@code Short}. */
  public static final int SHORT = 0x19;

  /** An {@code Integer}. */
  public static final int INTEGER = 0x1A;

  /** A {@code Long}. */
  public static final int LONG = 0x1B;

  /** A {@code BigInteger}. */
  public static final int BIG_INTEGER = 0x1C;

  /** A {@code Float}. */
  public static final int FLOAT = 0x20;

  /** A {@code Double}. */
  public static final int DOUBLE = 0x21;

  /** A {@code BigDecimal}. */
  public static final int DECIMAL = 0x22;

  /** A {@code Character}. */
  public static final int CHARACTER = 0x28;

  /** A {@code String}. */
  public static final int TEXT = 0x29;

  /** A {@code byte[]}. */
  public static final int BYTES = 0x30;

  /** A {@code java.util.UUID}. */
  public static final int UUID = 0x38;

  /** A {@code LocalDate}. */
  public static final int DATE = 0x40;

  /** A {@code LocalTime}. */
  public static final int TIME = 0x41;

  /** A {@code LocalDateTime}. */
  public static final int TIMESTAMP = 0x42;

  /** An {@code Instant}. */
  public static final int INSTANT = 0x43;

  /** A {@code List} of such components. */
  public static final int LIST = 0x50;

  /** A Java-serialized object. */
  public static final int SERIALIZED = 0x60;

  private KeyTags() {}
}
