package io.larder.tables.internal.key;

import io.larder.engine.api.LimitExceededException;
import io.larder.tables.internal.bytes.ByteOutput;
import io.larder.tables.internal.bytes.Text;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes key components: a tag, then a payload whose unsigned byte order is the natural order of the type. Stateless
 * but for what serializes other objects; thread-safe.
 *
 * <p>Texts, byte strings and serialized objects end with the key where they are its last component; before
 * others, zero bytes inside are followed by FF, and a zero byte ends them.
 */
public final class KeyEncoder {
  private static final int DEPTH_MAX = 16;

  private final OpaqueKeys opaque;

  /** Creates an encoder that asks for the bytes of objects it has no encoding for. */
  public KeyEncoder(OpaqueKeys opaque) {
    this.opaque = opaque;
  }

  /** Returns the bytes of a key of one component. */
  public byte[] encode(@Nullable Object value) {
    if (value instanceof String text) {
      // The usual keys get an array of just their size, without a detour through scratch.
      ByteOutput exact = new ByteOutput(1 + text.length());
      exact.putByte(KeyTags.TEXT);
      Text.put(exact, text);
      return exact.detach();
    } else if (value instanceof Long number) {
      ByteOutput exact = new ByteOutput(1 + Long.BYTES);
      exact.putByte(KeyTags.LONG);
      exact.putLong(number ^ Long.MIN_VALUE);
      return exact.detach();
    }
    ByteOutput output = ByteOutput.borrow();
    put(output, value, true);
    return output.finish();
  }

  /** Writes a component; {@code last} if nothing follows in this key. */
  public void put(ByteOutput output, @Nullable Object value, boolean last) {
    put(output, value, last, 0);
  }

  /** Writes a decimal without its scale: the common start of all keys that are the same number. */
  public static void putNumber(ByteOutput output, BigDecimal number) {
    output.putByte(KeyTags.DECIMAL);
    NumberKeys.put(output, number.unscaledValue(), number.scale());
  }

  /** Writes the start of a text without its end: the common start of all keys with that prefix. */
  public static void putTextStart(ByteOutput output, String prefix, boolean last) {
    output.putByte(KeyTags.TEXT);
    int start = output.size();
    Text.put(output, prefix);
    if (!last) {
      escape(output, start);
    }
  }

  private void put(ByteOutput output, @Nullable Object value, boolean last, int depth) {
    if (value instanceof String text) {
      output.putByte(KeyTags.TEXT);
      int start = output.size();
      Text.put(output, text);
      end(output, start, last);
    } else if (value instanceof Long number) {
      output.putByte(KeyTags.LONG);
      output.putLong(number ^ Long.MIN_VALUE);
    } else if (value instanceof Integer number) {
      output.putByte(KeyTags.INTEGER);
      output.putInt(number ^ Integer.MIN_VALUE);
    } else if (value instanceof UUID uuid) {
      output.putByte(KeyTags.UUID);
      output.putLong(uuid.getMostSignificantBits() ^ Long.MIN_VALUE);
      output.putLong(uuid.getLeastSignificantBits() ^ Long.MIN_VALUE);
    } else if (value == null) {
      output.putByte(KeyTags.NULL);
    } else if (!putNumber(output, value) && !putTime(output, value)) {
      putOther(output, value, last, depth);
    }
  }

  private static boolean putNumber(ByteOutput output, Object value) {
    if (value instanceof Short number) {
      output.putByte(KeyTags.SHORT);
      output.putShort(number ^ Short.MIN_VALUE);
    } else if (value instanceof Byte number) {
      output.putByte(KeyTags.BYTE);
      output.putByte(number ^ Byte.MIN_VALUE);
    } else if (value instanceof Double number) {
      output.putByte(KeyTags.DOUBLE);
      output.putLong(ordered(Double.doubleToLongBits(number)));
    } else if (value instanceof Float number) {
      output.putByte(KeyTags.FLOAT);
      output.putInt(ordered(Float.floatToIntBits(number)));
    } else if (value.getClass() == BigDecimal.class) {
      BigDecimal number = (BigDecimal) value;
      putNumber(output, number);
      NumberKeys.putOrdered(output, number.scale(), 0);
    } else if (value.getClass() == BigInteger.class) {
      BigInteger number = (BigInteger) value;
      output.putByte(KeyTags.BIG_INTEGER);
      if (number.bitLength() > NumberKeys.DIGITS_MAX * 3) {
        throw new LimitExceededException(
            "a number used as key has "
                + number.bitLength()
                + " bits, the limit is "
                + NumberKeys.DIGITS_MAX * 3);
      }
      NumberKeys.put(output, number, 0);
    } else {
      return false;
    }
    return true;
  }

  @SuppressWarnings("JavaLocalDateTimeGetNano") // the seconds are part of toEpochSecond
  private static boolean putTime(ByteOutput output, Object value) {
    if (value instanceof LocalDate date) {
      output.putByte(KeyTags.DATE);
      output.putLong(date.toEpochDay() ^ Long.MIN_VALUE);
    } else if (value instanceof LocalTime time) {
      output.putByte(KeyTags.TIME);
      output.putLong(time.toNanoOfDay());
    } else if (value instanceof LocalDateTime timestamp) {
      output.putByte(KeyTags.TIMESTAMP);
      output.putLong(timestamp.toEpochSecond(ZoneOffset.UTC) ^ Long.MIN_VALUE);
      output.putInt(timestamp.getNano());
    } else if (value instanceof Instant instant) {
      output.putByte(KeyTags.INSTANT);
      output.putLong(instant.getEpochSecond() ^ Long.MIN_VALUE);
      output.putInt(instant.getNano());
    } else {
      return false;
    }
    return true;
  }

  private void putOther(ByteOutput output, Object value, boolean last, int depth) {
    if (value instanceof Boolean truth) {
      output.putByte(truth ? KeyTags.TRUE : KeyTags.FALSE);
    } else if (value instanceof Character unit) {
      output.putByte(KeyTags.CHARACTER);
      output.putShort(unit);
    } else if (value instanceof byte[] bytes) {
      output.putByte(KeyTags.BYTES);
      int start = output.size();
      output.putBytes(bytes);
      end(output, start, last);
    } else if (value instanceof List<?> list) {
      if (depth == DEPTH_MAX) {
        throw new LimitExceededException(
            "a list used as key has lists inside each other, the limit is " + DEPTH_MAX);
      }
      output.putByte(KeyTags.LIST);
      for (Object element : list) {
        put(output, element, false, depth + 1);
      }
      output.putByte(KeyTags.END);
    } else {
      output.putByte(KeyTags.SERIALIZED);
      int start = output.size();
      output.putBytes(opaque.write(value));
      end(output, start, last);
    }
  }

  private static long ordered(long bits) {
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  private static int ordered(int bits) {
    return bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE;
  }

  private static void end(ByteOutput output, int start, boolean last) {
    if (!last) {
      escape(output, start);
      output.putByte(KeyTags.END);
    }
  }

  private static void escape(ByteOutput output, int start) {
    int end = output.size();
    int zeros = 0;
    for (int i = start; i < end; i++) {
      zeros += output.at(i) == 0 ? 1 : 0;
    }
    if (zeros == 0) {
      return;
    }
    output.putBytes(new byte[zeros]);
    int target = output.size();
    for (int i = end - 1; i >= start; i--) {
      if (output.at(i) == 0) {
        output.set(--target, KeyTags.ESCAPE);
      }
      output.set(--target, output.at(i));
    }
  }
}
