package io.larder.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Everything one run of a group measured. Filled by one thread, then read.
 *
 * <p>The best peer of a step is the {@link Contestant.Role#PEER} with the best median; a yardstick
 * is shown beside it but never wins.
 */
public final class GroupResult {

  private record Cell(String workload, String contestant) {}

  private final String name;
  private final String title;
  private final List<Contestant> contestants;
  private final List<Step> steps;
  private final Map<Cell, List<Measurement>> cells = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<Cell, String> notes = new LinkedHashMap<>();

  /** An empty result. */
  public GroupResult(String name, String title, List<Contestant> contestants, List<Step> steps) {
    this.name = name;
    this.title = title;
    this.contestants = List.copyOf(contestants);
    this.steps = List.copyOf(steps);
  }

  /** Adds the reading of one counted round. */
  public void add(Step step, Contestant contestant, Measurement measurement) {
    cells
        .computeIfAbsent(new Cell(step.workload(), contestant.id()), cell -> new ArrayList<>())
        .add(measurement);
  }

  /** Notes that a contestant could not do a step, and why. */
  public void addFailure(Step step, Contestant contestant, String reason) {
    String failure = contestant.id() + ", " + step.label() + ": " + reason;
    if (!failures.contains(failure)) {
      failures.add(failure);
    }
  }

  /** Notes under what circumstances a value is to be read; the report marks the value. */
  public void addNote(Step step, Contestant contestant, String note) {
    notes.put(new Cell(step.workload(), contestant.id()), note);
  }

  /** What was noted on a value. */
  public Optional<String> note(Step step, Contestant contestant) {
    return Optional.ofNullable(notes.get(new Cell(step.workload(), contestant.id())));
  }

  /** All notes, each once. */
  public List<String> notes() {
    return notes.values().stream().distinct().toList();
  }

  /** The reading of a workload in the latest round that had one. */
  Optional<Measurement> latest(String workload, Contestant contestant) {
    List<Measurement> readings = cells.getOrDefault(new Cell(workload, contestant.id()), List.of());
    return readings.isEmpty() ? Optional.empty() : Optional.of(readings.get(readings.size() - 1));
  }

  /** The readings of the counted rounds, in order; empty if there are none. */
  public List<Measurement> measurements(Step step, Contestant contestant) {
    return cells.getOrDefault(new Cell(step.workload(), contestant.id()), List.of());
  }

  /** The median and spread in the step's unit. */
  public Optional<Summary> summary(Step step, Contestant contestant) {
    List<Measurement> measurements = measurements(step, contestant);
    return measurements.isEmpty()
        ? Optional.empty()
        : Optional.of(Summary.of(measurements, reading -> reading.in(step.unit())));
  }

  /** The peer with the best median of a step, leaving {@code except} out. */
  public Optional<Contestant> bestPeer(Step step, Contestant except) {
    Contestant best = null;
    double bestMedian = 0;
    for (Contestant candidate : contestants) {
      Optional<Summary> summary = summary(step, candidate);
      if (candidate.role() != Contestant.Role.PEER
          || candidate.equals(except)
          || summary.isEmpty()) {
        continue;
      }
      double median = summary.get().median();
      if (best == null || step.unit().ratio(median, bestMedian) > 1) {
        best = candidate;
        bestMedian = median;
      }
    }
    return Optional.ofNullable(best);
  }

  /** How many times better a contestant's median is than the best other peer's. */
  public Optional<Double> ratioToBestPeer(Step step, Contestant contestant) {
    Optional<Summary> own = summary(step, contestant);
    Optional<Summary> best =
        bestPeer(step, contestant).flatMap(contender -> summary(step, contender));
    if (own.isEmpty() || best.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(step.unit().ratio(own.get().median(), best.get().median()));
  }

  /** The median of what one operation costs, of steps that are a rate. */
  public Optional<Double> cost(
      Step step, Contestant contestant, ToDoubleFunction<Measurement> perOperation) {
    List<Measurement> readings = measurements(step, contestant);
    if (readings.isEmpty()
        || step.unit() != Unit.OPERATIONS_PER_SECOND
        || step.process() == Step.ProcessKind.DERIVED) {
      return Optional.empty();
    }
    return Optional.of(Summary.of(readings, perOperation).median());
  }

  /** How many times less an operation costs a contestant than the peer that pays least. */
  public Optional<Double> costRatioToBestPeer(
      Step step, Contestant contestant, ToDoubleFunction<Measurement> perOperation) {
    Optional<Double> best =
        contestants.stream()
            .filter(peer -> peer.role() == Contestant.Role.PEER && !peer.equals(contestant))
            .flatMap(peer -> cost(step, peer, perOperation).stream())
            .min(Double::compare);
    Optional<Double> own = cost(step, contestant, perOperation);
    return own.isEmpty() || best.isEmpty() ? Optional.empty() : Optional.of(best.get() / own.get());
  }

  /** The group's short name. */
  public String name() {
    return name;
  }

  /** What the group compares. */
  public String title() {
    return title;
  }

  /** The contestants that took part. */
  public List<Contestant> contestants() {
    return contestants;
  }

  /** The steps that ran. */
  public List<Step> steps() {
    return steps;
  }

  /** What could not be measured, each once. */
  public List<String> failures() {
    return List.copyOf(failures);
  }
}
