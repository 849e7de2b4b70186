package io.larder.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Who depends on whom in a history, by what. Not thread-safe. */
final class DependencyGraph {
  /** Why one transaction comes before another. */
  enum Reason {
    /** It wrote the version before. */
    WRITE,
    /** It wrote what the other read. */
    READ,
    /** It read the version before the one the other wrote. */
    ANTI
  }

  /** One dependency: {@code from} comes before {@code to} because of a key. */
  record Edge(int from, int to, Reason reason, long key) {}

  private final List<List<Edge>> edges = new ArrayList<>();
  private int edgeCount;

  DependencyGraph(int nodes) {
    for (int node = 0; node < nodes; node++) {
      edges.add(new ArrayList<>(4));
    }
  }

  void add(int from, int to, Reason reason, long key) {
    if (from == to) {
      return;
    }
    for (Edge edge : edges.get(from)) {
      if (edge.to == to && edge.reason == reason) {
        return;
      }
    }
    edges.get(from).add(new Edge(from, to, reason, key));
    edgeCount++;
  }

  int edgeCount() {
    return edgeCount;
  }

  int size() {
    return edges.size();
  }

  List<Edge> from(int node) {
    return edges.get(node);
  }

  /** Returns the graph with some of the edges. */
  DependencyGraph only(Reason... reasons) {
    List<Reason> wanted = Arrays.asList(reasons);
    DependencyGraph part = new DependencyGraph(size());
    for (List<Edge> each : edges) {
      each.stream()
          .filter(edge -> wanted.contains(edge.reason))
          .forEach(edge -> part.add(edge.from, edge.to, edge.reason, edge.key));
    }
    return part;
  }

  /**
   * Returns the graph whose cycles are those of this one in which no two anti-dependencies follow each other. Node
   * {@code n} is where other edges arrive, {@code size + n} where anti-dependencies do.
   */
  DependencyGraph withoutAdjacentAnti() {
    int size = size();
    DependencyGraph doubled = new DependencyGraph(2 * size);
    for (List<Edge> each : edges) {
      for (Edge edge : each) {
        if (edge.reason == Reason.ANTI) {
          doubled.add(edge.from, size + edge.to, edge.reason, edge.key);
        } else {
          doubled.add(edge.from, edge.to, edge.reason, edge.key);
          doubled.add(size + edge.from, edge.to, edge.reason, edge.key);
        }
      }
    }
    return doubled;
  }

  /** Returns for each node the number of its strongly connected component (Tarjan, without recursion). */
  int[] components() {
    int size = size();
    int[] component = new int[size];
    int[] index = new int[size];
    int[] low = new int[size];
    int[] position = new int[size];
    boolean[] onStack = new boolean[size];
    Arrays.fill(component, -1);
    Deque<Integer> stack = new ArrayDeque<>();
    Deque<Integer> calls = new ArrayDeque<>();
    int next = 1;
    int found = 0;
    for (int root = 0; root < size; root++) {
      if (index[root] != 0) {
        continue;
      }
      calls.push(root);
      while (!calls.isEmpty()) {
        int node = calls.peek();
        if (index[node] == 0) {
          index[node] = next;
          low[node] = next++;
          stack.push(node);
          onStack[node] = true;
        }
        if (position[node] < edges.get(node).size()) {
          int to = edges.get(node).get(position[node]++).to;
          if (index[to] == 0) {
            calls.push(to);
          } else if (onStack[to]) {
            low[node] = Math.min(low[node], index[to]);
          }
          continue;
        }
        calls.pop();
        if (!calls.isEmpty()) {
          low[calls.peek()] = Math.min(low[calls.peek()], low[node]);
        }
        if (low[node] == index[node]) {
          int member;
          do {
            member = stack.pop();
            onStack[member] = false;
            component[member] = found;
          } while (member != node);
          found++;
        }
      }
    }
    return component;
  }

  /** Returns the place of each node in an order that all edges obey. Requires: there is no cycle. */
  int[] topologicalOrder() {
    int size = size();
    int[] incoming = new int[size];
    edges.forEach(each -> each.forEach(edge -> incoming[edge.to]++));
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int node = 0; node < size; node++) {
      if (incoming[node] == 0) {
        ready.add(node);
      }
    }
    int[] place = new int[size];
    int next = 0;
    while (!ready.isEmpty()) {
      int node = ready.remove();
      place[node] = next++;
      for (Edge edge : edges.get(node)) {
        if (--incoming[edge.to] == 0) {
          ready.add(edge.to);
        }
      }
    }
    if (next != size) {
      throw new IllegalStateException("the graph has a cycle");
    }
    return place;
  }

  /** Returns a shortest path through nodes that are wanted, or null if there is none. */
  @Nullable List<Edge> path(int from, int to, IntPredicate wanted) {
    java.util.Map<Integer, Edge> reachedBy = new java.util.HashMap<>();
    Deque<Integer> queue = new ArrayDeque<>();
    queue.add(from);
    while (!queue.isEmpty()) {
      int node = queue.remove();
      for (Edge edge : edges.get(node)) {
        if (!wanted.test(edge.to) || edge.to == from || reachedBy.containsKey(edge.to)) {
          continue;
        }
        reachedBy.put(edge.to, edge);
        if (edge.to == to) {
          return walkBack(reachedBy, from, to);
        }
        queue.add(edge.to);
      }
    }
    return null;
  }

  private static List<Edge> walkBack(java.util.Map<Integer, Edge> reachedBy, int from, int to) {
    List<Edge> path = new ArrayList<>();
    int node = to;
    while (node != from) {
      Edge edge = reachedBy.get(node);
      path.add(edge);
      node = edge.from;
    }
    Collections.reverse(path);
    return path;
  }
}
