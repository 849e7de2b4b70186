package io.larder.benchmarks.jcache;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers drawn as often as Zipf's law says, with the exponent 0.99, the frequent ones anywhere. Immutable. */
final class SkewedNumbers {
  private static final double EXPONENT = 0.99;
  private static final int DRAWN = 1 << 16;

  private final int[] drawn = new int[DRAWN];

  /** Draws numbers from 0 to below a bound. */
  SkewedNumbers(int bound, SplittableRandom random) {
    double[] sums = new double[bound];
    double sum = 0;
    for (int rank = 0; rank < bound; rank++) {
      sum += 1 / Math.pow(rank + 1, EXPONENT);
      sums[rank] = sum;
    }
    int[] numbers = new int[bound];
    for (int rank = 0; rank < bound; rank++) {
      int place = random.nextInt(rank + 1);
      numbers[rank] = numbers[place];
      numbers[place] = rank;
    }
    for (int index = 0; index < DRAWN; index++) {
      int found = Arrays.binarySearch(sums, random.nextDouble() * sum);
      drawn[index] = numbers[Math.min(bound - 1, found < 0 ? -found - 1 : found)];
    }
  }

  /** Returns the number at a place; places begin again after the last. */
  int at(int place) {
    return drawn[place & DRAWN - 1];
  }
}
