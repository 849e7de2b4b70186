package io.larder.simulation;

import static io.larder.simulation.History.append;
import static io.larder.simulation.History.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.simulation.Anomaly.Kind;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Histories made by hand, one for each anomaly, and some without any. */
final class HistoryCheckerTest {
  private static final long X = 1;
  private static final long Y = 2;
  private static final long Z = 3;

  private static List<Kind> kinds(History history) {
    return HistoryChecker.check(history).stream().map(Anomaly::kind).distinct().toList();
  }

  @Test
  void serialHistory_hasNone() {
    History history =
        new History()
            .committed(append(X, 1), append(Y, 2))
            .committed(read(X, 1L), append(X, 3), read(X, 1L, 3L), read(Z))
            .aborted(append(X, 4))
            .committed(read(X, 1L, 3L), read(Y, 2L), append(Z, 5))
            .committed(read(Z, 5L));
    assertThat(kinds(history)).isEmpty();
  }

  @Test
  void randomSerialHistories_haveNone_andSwappedReadsAreFound() {
    int found = 0;
    for (long seed = 0; seed < 200; seed++) {
      assertThat(kinds(serial(new Random(seed), false))).as("seed %d", seed).isEmpty();
      found += kinds(serial(new Random(seed), true)).isEmpty() ? 0 : 1;
    }
    assertThat(found).isGreaterThan(150);
  }

  /** A random serial history; if stale, some transactions read one key as it was several commits ago. */
  private static History serial(Random random, boolean stale) {
    History history = new History();
    List<java.util.ArrayList<Long>> lists = new java.util.ArrayList<>();
    for (int key = 0; key < 4; key++) {
      lists.add(new java.util.ArrayList<>());
    }
    for (long number = 0; number < 60; number++) {
      int read = random.nextInt(4);
      int written = random.nextInt(4);
      List<Long> seen = List.copyOf(lists.get(read));
      if (stale && random.nextInt(4) == 0 && seen.size() > 2) {
        seen = seen.subList(0, seen.size() - 2);
      }
      history.committed(
          new History.Read(read, seen),
          new History.Read((read + 1) % 4, List.copyOf(lists.get((read + 1) % 4))),
          append(written, number));
      lists.get(written).add(number);
    }
    History.Step[] all = new History.Step[4];
    for (int key = 0; key < 4; key++) {
      all[key] = new History.Read(key, List.copyOf(lists.get(key)));
    }
    return history.committed(all);
  }

  @Test
  void interleavedWrites_areG0() {
    History history =
        new History()
            .committed(append(X, 1), append(Y, 2))
            .committed(append(X, 3), append(Y, 4))
            .committed(read(X, 1L, 3L), read(Y, 4L, 2L));
    assertThat(kinds(history)).contains(Kind.G0);
  }

  @Test
  void readOfAnAbortedWrite_isG1a() {
    History history = new History().aborted(append(X, 1)).committed(read(X, 1L));
    assertThat(kinds(history)).containsExactly(Kind.G1A);
  }

  @Test
  void readOfAnIntermediateVersion_isG1b() {
    History history = new History().committed(append(X, 1), append(X, 2)).committed(read(X, 1L));
    assertThat(kinds(history)).contains(Kind.G1B);
  }

  @Test
  void twoThatReadEachOther_areG1c() {
    History history =
        new History()
            .committed(append(X, 1), read(Y, 2L))
            .committed(append(Y, 2), read(X, 1L))
            .committed(read(X, 1L), read(Y, 2L));
    assertThat(kinds(history)).containsExactly(Kind.G1C);
  }

  @Test
  void readSkew_isGSingle() {
    History history =
        new History()
            .committed(append(X, 1), append(Y, 2))
            .committed(read(X), read(Y, 2L))
            .committed(read(X, 1L), read(Y, 2L));
    assertThat(kinds(history)).containsExactly(Kind.G_SINGLE);
  }

  @Test
  void readSkew_throughOthers_isGSingle() {
    History history =
        new History()
            .committed(append(X, 1))
            .committed(read(X, 1L), append(Y, 2))
            .committed(read(X), read(Y, 2L))
            .committed(read(X, 1L), read(Y, 2L));
    assertThat(kinds(history)).containsExactly(Kind.G_SINGLE);
  }

  @Test
  void lostUpdate_isGSingle_andTheWriteIsMissed() {
    // both read the empty list and write one of their own; the second write wins
    History history =
        new History().committed(read(X), append(X, 1)).committed(read(X), append(X, 2));
    List<Anomaly> found = HistoryChecker.checkComplete(history, Map.of(X, List.of(2L)));
    assertThat(found).extracting(Anomaly::kind).contains(Kind.LOST_WRITE);
    assertThat(kinds(history.committed(read(X, 1L, 2L)))).contains(Kind.G_SINGLE);
  }

  @Test
  void writeSkew_isG2_andNothingElse() {
    History history =
        new History()
            .committed(read(X), append(Y, 1))
            .committed(read(Y), append(X, 2))
            .committed(read(X, 2L), read(Y, 1L));
    assertThat(kinds(history)).containsExactly(Kind.G2_ITEM);
  }

  @Test
  void writeSkew_ofThree_isG2() {
    History history =
        new History()
            .committed(read(X), append(Y, 1))
            .committed(read(Y), append(Z, 2))
            .committed(read(Z), append(X, 3))
            .committed(read(X, 3L), read(Y, 1L), read(Z, 2L));
    assertThat(kinds(history)).containsExactly(Kind.G2_ITEM);
  }

  @Test
  void phantomOfTwoInserts_seenAsAbsentKeys_isG2() {
    // both walk X..Z and find nothing, each inserts one
    History history =
        new History()
            .committed(read(X), read(Y), read(Z), append(X, 1))
            .committed(read(X), read(Y), read(Z), append(Y, 2))
            .committed(read(X, 1L), read(Y, 2L), read(Z));
    assertThat(kinds(history)).containsExactly(Kind.G2_ITEM);
  }

  @Test
  void twoReadersOfTwoMoments_areNonadjacent() {
    // long fork: each reader sees one of two independent writes and not the other
    History history =
        new History()
            .committed(append(X, 1))
            .committed(append(Y, 2))
            .committed(read(X, 1L), read(Y))
            .committed(read(X), read(Y, 2L))
            .committed(read(X, 1L), read(Y, 2L));
    assertThat(kinds(history)).contains(Kind.G_NONADJACENT).doesNotContain(Kind.G_SINGLE);
  }

  @Test
  void ownAppendNotSeen_isInternal() {
    assertThat(kinds(new History().committed(append(X, 1), read(X)))).contains(Kind.INTERNAL);
    assertThat(
            kinds(
                new History()
                    .committed(append(X, 1))
                    .committed(read(X), append(Y, 2), read(X, 1L))))
        .contains(Kind.INTERNAL);
  }

  @Test
  void listsOfTwoOrders_areIncompatible() {
    History history =
        new History()
            .committed(append(X, 1))
            .committed(append(X, 2))
            .committed(read(X, 1L, 2L))
            .committed(read(X, 2L, 1L));
    assertThat(kinds(history)).contains(Kind.INCOMPATIBLE_ORDER);
  }

  @Test
  void numbersFromNowhere_orTwice_areGarbage() {
    assertThat(kinds(new History().committed(read(X, 7L)))).contains(Kind.GARBAGE);
    assertThat(kinds(new History().committed(append(X, 1)).committed(read(X, 1L, 1L))))
        .contains(Kind.GARBAGE);
    assertThat(kinds(new History().committed(append(X, 1)).committed(read(Y, 1L))))
        .contains(Kind.GARBAGE);
  }
}
