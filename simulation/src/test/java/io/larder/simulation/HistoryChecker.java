package io.larder.simulation;

import io.larder.simulation.DependencyGraph.Edge;
import io.larder.simulation.DependencyGraph.Reason;
import io.larder.simulation.History.Append;
import io.larder.simulation.History.Read;
import io.larder.simulation.History.Step;
import io.larder.simulation.History.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a history of list appends shows that should not be, after the method of Elle (Kingsbury, Alvaro:
 * "Elle: Inferring Isolation Anomalies from Experimental Observations") with the classes of Adya. Used by one thread.
 *
 * <ol>
 *   <li>The longest list read of a key is the order of its versions; every other read must be a prefix of it.
 *   <li>From that order follow write dependencies (who appended after whom), read dependencies (who read whose
 *       append) and anti-dependencies (who read a list that somebody then appended to).
 *   <li>Cycles of dependencies are anomalies, of the class that their edges say.
 * </ol>
 *
 * <p>Nothing of the database's own order is used, nor any clock, so it finds only what users could have found.
 */
final class HistoryChecker {
  private static final int REPORTED_MAX = 10;

  /** An append and who made it; {@code last} if it was its transaction's last to that key. */
  private record Write(int transaction, long key, boolean last) {}

  private final List<Transaction> transactions;
  private final List<Anomaly> anomalies = new ArrayList<>();
  private final Map<Long, Write> writes = new HashMap<>();
  private final Map<Long, List<Long>> versions = new LinkedHashMap<>();
  private final DependencyGraph graph;

  private HistoryChecker(History history) {
    this.transactions = history.transactions();
    this.graph = new DependencyGraph(transactions.size());
  }

  /** Returns the anomalies found: of each kind of cycle one for each strongly connected part, at least. */
  static List<Anomaly> check(History history) {
    HistoryChecker checker = new HistoryChecker(history);
    checker.collectWrites();
    checker.checkReads();
    if (checker.anomalies.isEmpty() || checker.hasOrder()) {
      checker.addDependencies();
      checker.findCycles();
    }
    return checker.anomalies;
  }

  /** Returns the anomalies, and whatever committed appends a last read of every key does not show. */
  static List<Anomaly> checkComplete(History history, Map<Long, List<Long>> lastRead) {
    History complete = new History();
    complete.addAll(history);
    List<Step> all = new ArrayList<>();
    lastRead.forEach((key, numbers) -> all.add(new Read(key, numbers)));
    complete.add(History.Outcome.COMMITTED, all);
    List<Anomaly> found = new ArrayList<>(check(complete));
    for (Transaction transaction : history.transactions()) {
      for (Step step : transaction.steps()) {
        if (transaction.committed()
            && step instanceof Append append
            && !lastRead.getOrDefault(append.key(), List.of()).contains(append.number())) {
          found.add(new Anomaly(Anomaly.Kind.LOST_WRITE, append + " was committed and is gone"));
        }
      }
    }
    return found;
  }

  private boolean hasOrder() {
    return anomalies.stream()
        .noneMatch(
            anomaly ->
                anomaly.kind() == Anomaly.Kind.INCOMPATIBLE_ORDER
                    || anomaly.kind() == Anomaly.Kind.GARBAGE);
  }

  private void report(Anomaly.Kind kind, String description) {
    long known = anomalies.stream().filter(anomaly -> anomaly.kind() == kind).count();
    if (known < REPORTED_MAX) {
      anomalies.add(new Anomaly(kind, description));
    }
  }

  private void collectWrites() {
    for (int index = 0; index < transactions.size(); index++) {
      Map<Long, Long> lastOfKey = new HashMap<>();
      for (Step step : transactions.get(index).steps()) {
        if (step instanceof Append append) {
          lastOfKey.put(append.key(), append.number());
        }
      }
      for (Step step : transactions.get(index).steps()) {
        if (step instanceof Append append) {
          boolean last = lastOfKey.get(append.key()) == append.number();
          Write before = writes.put(append.number(), new Write(index, append.key(), last));
          if (before != null) {
            throw new IllegalArgumentException(append + " was appended before");
          }
        }
      }
    }
  }

  private void checkReads() {
    for (int index = 0; index < transactions.size(); index++) {
      if (transactions.get(index).committed()) {
        checkReads(index);
      }
    }
  }

  private void checkReads(int reader) {
    Map<Long, List<Long>> own = new HashMap<>();
    Map<Long, List<Long>> seen = new HashMap<>();
    for (Step step : transactions.get(reader).steps()) {
      if (step instanceof Append append) {
        own.computeIfAbsent(append.key(), key -> new ArrayList<>()).add(append.number());
      } else if (step instanceof Read read) {
        checkInternal(reader, read, own.getOrDefault(read.key(), List.of()), seen);
        checkNumbers(reader, read);
        checkOrder(reader, read);
      }
    }
  }

  /** What a transaction appended comes last in what it reads, and what comes before stays the same. */
  private void checkInternal(
      int reader, Read read, List<Long> own, Map<Long, List<Long>> seenBefore) {
    int others = read.numbers().size() - own.size();
    if (others < 0 || !read.numbers().subList(others, read.numbers().size()).equals(own)) {
      report(Anomaly.Kind.INTERNAL, "T" + reader + " appended " + own + " and has " + read);
      return;
    }
    List<Long> foreign = read.numbers().subList(0, others);
    List<Long> before = seenBefore.putIfAbsent(read.key(), foreign);
    if (before != null && !before.equals(foreign)) {
      report(Anomaly.Kind.INTERNAL, "T" + reader + " read first " + before + ", then " + read);
    }
  }

  private void checkNumbers(int reader, Read read) {
    Set<Long> unique = new HashSet<>();
    for (long number : read.numbers()) {
      Write write = writes.get(number);
      if (write == null || write.key() != read.key() || !unique.add(number)) {
        report(Anomaly.Kind.GARBAGE, "T" + reader + " has " + number + " in " + read);
      } else if (!transactions.get(write.transaction()).committed()) {
        report(
            Anomaly.Kind.G1A,
            "T" + reader + " has " + number + " of the aborted T" + write.transaction());
      }
    }
    List<Long> numbers = read.numbers();
    Write last = numbers.isEmpty() ? null : writes.get(numbers.get(numbers.size() - 1));
    if (last != null && !last.last() && last.transaction() != reader) {
      report(
          Anomaly.Kind.G1B,
          "T" + reader + " has " + read + ", which T" + last.transaction() + " appended to later");
    }
  }

  private void checkOrder(int reader, Read read) {
    List<Long> numbers = read.numbers();
    List<Long> longest = versions.getOrDefault(read.key(), List.of());
    int common = Math.min(numbers.size(), longest.size());
    if (!numbers.subList(0, common).equals(longest.subList(0, common))) {
      report(
          Anomaly.Kind.INCOMPATIBLE_ORDER,
          "T" + reader + " has " + read + ", somebody else read " + longest);
    } else if (numbers.size() > longest.size()) {
      versions.put(read.key(), numbers);
    }
  }

  private void addDependencies() {
    versions.forEach(
        (key, order) -> {
          for (int position = 1; position < order.size(); position++) {
            int from = writer(order, position - 1);
            graph.add(from, writer(order, position), Reason.WRITE, key);
          }
        });
    for (int index = 0; index < transactions.size(); index++) {
      if (!transactions.get(index).committed()) {
        continue;
      }
      for (Step step : transactions.get(index).steps()) {
        if (step instanceof Read read) {
          addDependencies(index, read);
        }
      }
    }
  }

  private int writer(List<Long> order, int position) {
    return writes.get(order.get(position)).transaction();
  }

  private void addDependencies(int reader, Read read) {
    List<Long> order = versions.getOrDefault(read.key(), List.of());
    int foreign = read.numbers().size();
    while (foreign > 0 && writer(order, foreign - 1) == reader) {
      foreign--;
    }
    if (foreign > 0) {
      graph.add(writer(order, foreign - 1), reader, Reason.READ, read.key());
    }
    if (foreign < order.size()) {
      graph.add(reader, writer(order, foreign), Reason.ANTI, read.key());
    }
  }

  private void findCycles() {
    DependencyGraph writeOnly = graph.only(Reason.WRITE);
    reportCycles(Anomaly.Kind.G0, writeOnly, writeOnly, Reason.WRITE, 0);
    DependencyGraph known = graph.only(Reason.WRITE, Reason.READ);
    boolean ordered = !reportCycles(Anomaly.Kind.G1C, known, known, Reason.READ, 0);
    if (ordered && !hasCycle(known)) {
      findSingleAnti(known);
    } else {
      reportCycles(Anomaly.Kind.G_SINGLE, graph, known, Reason.ANTI, 1);
    }
    boolean explained = anomalies.stream().anyMatch(each -> isCycle(each.kind()));
    if (!explained && hasCycle(graph.withoutAdjacentAnti())) {
      report(Anomaly.Kind.G_NONADJACENT, "no two anti-dependencies of a cycle follow each other");
    }
    reportCycles(Anomaly.Kind.G2_ITEM, graph, graph, Reason.ANTI, 2);
  }

  private static boolean isCycle(Anomaly.Kind kind) {
    return kind == Anomaly.Kind.G0
        || kind == Anomaly.Kind.G1C
        || kind == Anomaly.Kind.G_SINGLE
        || kind == Anomaly.Kind.G_NONADJACENT;
  }

  private static boolean hasCycle(DependencyGraph graph) {
    int[] components = graph.components();
    return java.util.Arrays.stream(components).distinct().count() < graph.size();
  }

  /** As {@link #reportCycles} for one anti-dependency, quick because the other edges have an order. */
  private void findSingleAnti(DependencyGraph known) {
    int[] place = known.topologicalOrder();
    for (int node = 0; node < graph.size(); node++) {
      for (Edge edge : graph.from(node)) {
        if (edge.reason() == Reason.ANTI && place[edge.to()] < place[edge.from()]) {
          int end = place[edge.from()];
          List<Edge> back = known.path(edge.to(), edge.from(), each -> place[each] <= end);
          if (back != null) {
            report(Anomaly.Kind.G_SINGLE, describe(edge, back));
          }
        }
      }
    }
  }

  /**
   * Reports cycles that begin with an edge of a kind and go back through a graph, for each strongly connected part the
   * first few. Returns whether there is any.
   *
   * @param antiMin how many anti-dependencies a cycle must have at least to be of this kind
   */
  private boolean reportCycles(
      Anomaly.Kind kind, DependencyGraph whole, DependencyGraph back, Reason first, int antiMin) {
    int[] components = whole.components();
    Map<Integer, Integer> reported = new HashMap<>();
    for (int node = 0; node < whole.size(); node++) {
      for (Edge edge : whole.from(node)) {
        int component = components[node];
        if (edge.reason() != first
            || components[edge.to()] != component
            || reported.getOrDefault(component, 0) > 0) {
          continue;
        }
        @Nullable List<Edge> path =
            back.path(edge.to(), edge.from(), each -> components[each] == component);
        if (path != null && anti(edge, path) >= antiMin) {
          reported.merge(component, 1, Integer::sum);
          report(kind, describe(edge, path));
        }
      }
    }
    return !reported.isEmpty();
  }

  private static long anti(Edge first, List<Edge> path) {
    long others = path.stream().filter(edge -> edge.reason() == Reason.ANTI).count();
    return others + (first.reason() == Reason.ANTI ? 1 : 0);
  }

  private String describe(Edge first, List<Edge> path) {
    StringBuilder text = new StringBuilder("T" + first.from());
    List<Edge> cycle = new ArrayList<>();
    cycle.add(first);
    cycle.addAll(path);
    for (Edge edge : cycle) {
      text.append(" -").append(edge.reason()).append('(').append(edge.key()).append(")-> T");
      text.append(edge.to());
    }
    for (Edge edge : cycle) {
      text.append("\n  T").append(edge.from()).append(": ");
      text.append(transactions.get(edge.from()).steps());
    }
    return text.toString();
  }
}
