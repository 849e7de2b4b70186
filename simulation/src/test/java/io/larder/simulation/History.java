package io.larder.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * What transactions saw and did: each appended unique numbers to lists, and read whole lists. Not thread-safe.
 *
 * <p>Lists tell more than registers do: whoever reads one sees which appends came before, and in which order.
 */
final class History {
  /** How a transaction ended. */
  enum Outcome {
    COMMITTED,
    ABORTED
  }

  /** One step of a transaction. */
  sealed interface Step {}

  /** A number was appended to the list of a key. */
  record Append(long key, long number) implements Step {}

  /** The list of a key was read; an absent key has the empty list. */
  record Read(long key, List<Long> numbers) implements Step {}

  /** One transaction; its name is its index. */
  record Transaction(Outcome outcome, List<Step> steps) {
    boolean committed() {
      return outcome == Outcome.COMMITTED;
    }
  }

  private final List<Transaction> transactions = new ArrayList<>();

  void add(Outcome outcome, List<Step> steps) {
    transactions.add(new Transaction(outcome, List.copyOf(steps)));
  }

  /** Adds a committed transaction; for histories made by hand. */
  History committed(Step... steps) {
    add(Outcome.COMMITTED, List.of(steps));
    return this;
  }

  /** Adds an aborted transaction; for histories made by hand. */
  History aborted(Step... steps) {
    add(Outcome.ABORTED, List.of(steps));
    return this;
  }

  void addAll(History other) {
    transactions.addAll(other.transactions);
  }

  List<Transaction> transactions() {
    return transactions;
  }

  static Append append(long key, long number) {
    return new Append(key, number);
  }

  static Read read(long key, Long... numbers) {
    return new Read(key, List.of(numbers));
  }
}
