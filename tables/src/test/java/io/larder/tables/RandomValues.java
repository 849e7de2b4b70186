package io.larder.tables;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;

/** Seeded values of every scalar type, with the awkward ones often. */
public final class RandomValues {
  private final Random random;

  public RandomValues(long seed) {
    random = new Random(seed);
  }

  public Random random() {
    return random;
  }

  private boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  public Boolean nextBoolean() {
    return random.nextBoolean();
  }

  public Byte nextByte() {
    return (byte) random.nextInt();
  }

  public Short nextShort() {
    return oneIn(4) ? pick(Short.MIN_VALUE, Short.MAX_VALUE, (short) 0) : (short) random.nextInt();
  }

  public Integer nextInteger() {
    return oneIn(4)
        ? pick(Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1, 1)
        : random.nextInt() >> random.nextInt(32);
  }

  public Long nextLong() {
    return oneIn(4)
        ? pick(Long.MIN_VALUE, Long.MAX_VALUE, 0L, -1L, 1L)
        : random.nextLong() >> random.nextInt(64);
  }

  public Float nextFloat() {
    return oneIn(3)
        ? pick(
            Float.NaN,
            -0.0f,
            0.0f,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MAX_VALUE)
        : canonical(Float.intBitsToFloat(random.nextInt()));
  }

  private static float canonical(float number) {
    return Float.isNaN(number) ? Float.NaN : number;
  }

  public Double nextDouble() {
    double any = Double.longBitsToDouble(random.nextLong());
    return oneIn(3)
        ? pick(
            Double.NaN,
            -0.0,
            0.0,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            -Double.MAX_VALUE)
        : oneIn(2) ? random.nextInt(100) / 8.0 - 6 : Double.isNaN(any) ? Double.NaN : any;
  }

  public BigInteger nextBigInteger() {
    BigInteger magnitude = new BigInteger(random.nextInt(oneIn(8) ? 900 : 70), random);
    BigInteger rounded =
        oneIn(3) ? magnitude.multiply(BigInteger.TEN.pow(random.nextInt(20))) : magnitude;
    return random.nextBoolean() ? rounded : rounded.negate();
  }

  public BigDecimal nextDecimal() {
    if (oneIn(8)) {
      return new BigDecimal(
          BigInteger.valueOf(random.nextInt(9) - 4),
          pick(Integer.MAX_VALUE, Integer.MIN_VALUE, 1000, -1000));
    } else if (oneIn(2)) {
      return BigDecimal.valueOf(random.nextInt(400) - 200, random.nextInt(5) - 2);
    }
    return new BigDecimal(nextBigInteger(), random.nextInt(200) - 100);
  }

  public Character nextCharacter() {
    return (char) random.nextInt(0x10000);
  }

  /** Texts with zeros, supplementary characters and surrogates without partner. */
  public String nextString() {
    StringBuilder text = new StringBuilder();
    int length = oneIn(10) ? random.nextInt(300) : random.nextInt(6);
    int kind = random.nextInt(5);
    for (int i = 0; i < length; i++) {
      int point =
          switch (kind) {
            case 0 -> 'a' + random.nextInt(3);
            case 1 -> random.nextInt(0x80);
            case 2 -> random.nextInt(0x100);
            case 3 -> random.nextInt(0x10000);
            default ->
                pick(
                    0, 1, 0x61, 0x7F, 0x80, 0xFF, 0x7FF, 0x800, 0xD800, 0xDBFF, 0xDC00, 0xE000,
                    0xFFFF, 0x10000, 0x10FFFF);
          };
      text.appendCodePoint(point);
    }
    return text.toString();
  }

  public byte[] nextBytes() {
    byte[] bytes = new byte[oneIn(10) ? random.nextInt(300) : random.nextInt(5)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = oneIn(2) ? pick((byte) 0, (byte) -1, (byte) 1) : (byte) random.nextInt();
    }
    return bytes;
  }

  public UUID nextUuid() {
    return new UUID(nextLong(), nextLong());
  }

  public LocalDate nextDate() {
    return oneIn(4)
        ? pick(LocalDate.MIN, LocalDate.MAX, LocalDate.EPOCH)
        : LocalDate.ofEpochDay(random.nextInt(100_000) - 50_000);
  }

  public LocalTime nextTime() {
    return oneIn(4)
        ? pick(LocalTime.MIN, LocalTime.MAX, LocalTime.NOON)
        : LocalTime.ofNanoOfDay((long) (random.nextDouble() * 86_400_000_000_000L));
  }

  public LocalDateTime nextTimestamp() {
    return oneIn(4)
        ? pick(LocalDateTime.MIN, LocalDateTime.MAX)
        : LocalDateTime.ofEpochSecond(nextInteger(), random.nextInt(1_000_000_000), ZoneOffset.UTC);
  }

  public Instant nextInstant() {
    return oneIn(4)
        ? pick(Instant.MIN, Instant.MAX, Instant.EPOCH)
        : Instant.ofEpochSecond(nextInteger(), random.nextInt(1_000_000_000));
  }

  /** A scalar of any type, or null. */
  public Object nextScalar() {
    return switch (random.nextInt(18)) {
      case 0 -> null;
      case 1 -> nextBoolean();
      case 2 -> nextByte();
      case 3 -> nextShort();
      case 4 -> nextInteger();
      case 5 -> nextLong();
      case 6 -> nextFloat();
      case 7 -> nextDouble();
      case 8 -> nextBigInteger();
      case 9 -> nextDecimal();
      case 10 -> nextCharacter();
      case 11 -> nextUuid();
      case 12 -> nextDate();
      case 13 -> nextTime();
      case 14 -> nextTimestamp();
      case 15 -> nextInstant();
      default -> nextString();
    };
  }
}
