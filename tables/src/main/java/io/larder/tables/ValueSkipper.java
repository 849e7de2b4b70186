package io.larder.tables;

import io.larder.tables.internal.bytes.ByteInput;

/** Passes over values without decoding them. */
final class ValueSkipper {

  private ValueSkipper() {}

  static void skip(ByteInput input, TypeDictionary dictionary) {
    skip(input, dictionary, 0);
  }

  private static void skip(ByteInput input, TypeDictionary dictionary, int depth) {
    int tag = input.getByte();
    switch (tag) {
      case ValueTags.NULL, ValueTags.FALSE, ValueTags.TRUE -> {}
      case ValueTags.BYTE -> input.skip(1);
      case ValueTags.CHARACTER -> input.skip(2);
      case ValueTags.FLOAT -> input.skip(4);
      case ValueTags.DOUBLE -> input.skip(8);
      case ValueTags.UUID -> input.skip(16);
      case ValueTags.SHORT,
          ValueTags.INTEGER,
          ValueTags.LONG,
          ValueTags.DATE,
          ValueTags.TIME,
          ValueTags.MILLIS ->
          input.getVarint();
      case ValueTags.TIMESTAMP, ValueTags.INSTANT, ValueTags.DURATION -> skipVarints(input, 2);
      case ValueTags.OFFSET_TIMESTAMP -> skipVarints(input, 3);
      case ValueTags.NARROW_TEXT,
          ValueTags.TEXT,
          ValueTags.BYTES,
          ValueTags.BIG_INTEGER,
          ValueTags.SERIALIZED ->
          input.skip(input.getLength());
      case ValueTags.DECIMAL -> {
        input.getVarint();
        input.skip(input.getLength());
      }
      default -> skipComposite(input, dictionary, tag, depth);
    }
  }

  private static void skipVarints(ByteInput input, int count) {
    for (int i = 0; i < count; i++) {
      input.getVarint();
    }
  }

  private static void skipComposite(
      ByteInput input, TypeDictionary dictionary, int tag, int depth) {
    if (depth >= ValueTags.DEPTH_MAX) {
      throw input.corrupt("values inside each other deeper than " + ValueTags.DEPTH_MAX);
    }
    long count =
        switch (tag) {
          case ValueTags.LIST, ValueTags.SET -> collectionCount(input);
          case ValueTags.MAP -> 2L * collectionCount(input);
          case ValueTags.ROW -> dictionary.typeOf(input.getVarint()).fieldNames().size();
          case ValueTags.ENUM -> enumCount(input);
          default -> throw input.corrupt("no type of value has the tag " + tag);
        };
    for (long i = 0; i < count; i++) {
      skip(input, dictionary, depth + 1);
    }
  }

  private static int collectionCount(ByteInput input) {
    input.skip(1);
    return input.getLength();
  }

  /** A type number, then the name as a text value. */
  private static int enumCount(ByteInput input) {
    input.getVarint();
    return 1;
  }
}
