package io.larder.tables;

/** First bytes of values. Numbers on disk: never reused, never changed. FORMAT.md shows the payloads. */
final class ValueTags {
  static final int NULL = 0x01;
  static final int FALSE = 0x02;
  static final int TRUE = 0x03;
  static final int BYTE = 0x04;
  static final int SHORT = 0x05;
  static final int INTEGER = 0x06;
  static final int LONG = 0x07;
  static final int BIG_INTEGER = 0x08;
  static final int FLOAT = 0x09;
  static final int DOUBLE = 0x0A;
  static final int DECIMAL = 0x0B;
  static final int CHARACTER = 0x0C;

  /** Text whose chars are all below 256, one byte each. */
  static final int NARROW_TEXT = 0x0D;

  /** Text as UTF-8. */
  static final int TEXT = 0x0E;

  static final int BYTES = 0x0F;
  static final int UUID = 0x10;
  static final int DATE = 0x11;
  static final int TIME = 0x12;
  static final int TIMESTAMP = 0x13;
  static final int INSTANT = 0x14;

  /** A {@code java.util.Date}. */
  static final int MILLIS = 0x15;

  static final int DURATION = 0x16;
  static final int OFFSET_TIMESTAMP = 0x17;
  static final int LIST = 0x20;
  static final int SET = 0x21;
  static final int MAP = 0x22;
  static final int ROW = 0x30;
  static final int ENUM = 0x31;
  static final int SERIALIZED = 0x40;

  /** Values inside each other beyond this are refused, or serialized as a whole where that is possible. */
  static final int DEPTH_MAX = 64;

  private ValueTags() {}
}
