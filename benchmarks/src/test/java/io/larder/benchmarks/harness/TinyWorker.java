package io.larder.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The main class of the child processes that {@link TournamentTest} starts. */
final class TinyWorker {

  private TinyWorker() {}

  /** Contestants whose readings are known beforehand: the round's number times a factor. */
  static final class TinyGroup implements Group {

    static final Contestant LARDER = new Contestant("larder", Contestant.Role.LARDER, "ours");
    static final Contestant SLOW = new Contestant("slow", Contestant.Role.PEER, "slow");
    static final Contestant FAST = new Contestant("fast", Contestant.Role.PEER, "fast");
    static final Step SHARE = Step.warm("SHARE", "a share", Unit.PERCENT);
    static final Step FAILING = Step.warm("FAILING", "fails for one", Unit.MEBIBYTES);
    static final Step KEPT = Step.afterKill("KEEP", "KEPT", "kept after a kill", Unit.PERCENT);

    static final Step AMOUNT = Step.warm("AMOUNT", "once", Unit.FACTOR).once();
    static final Step REOPENED =
        Step.afterClose("KEEP", "REOPENED", "kept after a close", Unit.MILLISECONDS);
    static final Step RATE =
        Step.derived("REOPENED", "RATE", "kept a second", Unit.OPERATIONS_PER_SECOND);

    @Override
    public String name() {
      return "tiny";
    }

    @Override
    public String title() {
      return "known numbers";
    }

    @Override
    public List<Contestant> contestants() {
      return List.of(LARDER, SLOW, FAST);
    }

    @Override
    public List<Step> steps(RunSettings settings) {
      return List.of(SHARE, FAILING, KEPT, AMOUNT, REOPENED, RATE);
    }

    @Override
    public Session open(String contestant, RunSettings settings, Path directory) {
      return new TinySession(contestant, directory);
    }
  }

  private static final class TinySession implements Session {

    private final String contestant;
    private final Path file;
    private int calls;

    TinySession(String contestant, Path directory) {
      this.contestant = contestant;
      this.file = directory.resolve("kept");
    }

    @Override
    public Optional<Measurement> run(String workload) throws IOException {
      System.out.println("a product that talks on standard output");
      return switch (workload) {
        case "SHARE" -> Optional.of(share());
        case "FAILING" -> failing();
        case "KEEP" -> {
          Files.writeString(file, "7");
          yield Optional.of(Measurement.amount(1));
        }
        case "AMOUNT" -> Optional.of(Measurement.factor(3, 2));
        case "REOPENED" ->
            Optional.of(
                Measurement.duration(500_000_000)
                    .withQuantity(Long.parseLong(Files.readString(file))));
        case "KEPT" -> Optional.of(Measurement.amount(Long.parseLong(Files.readString(file))));
        default -> throw new IllegalArgumentException("unknown workload " + workload);
      };
    }

    private Measurement share() {
      int factor =
          switch (contestant) {
            case "larder" -> 30;
            case "fast" -> 20;
            default -> 10;
          };
      return Measurement.amount((long) factor * calls++);
    }

    private Optional<Measurement> failing() {
      if (contestant.equals("slow")) {
        throw new IllegalStateException("slow returned wrong data");
      }
      return contestant.equals("fast") ? Optional.empty() : Optional.of(Measurement.amount(1));
    }

    @Override
    public void close() {}
  }

  /** Serves the tiny group: {@code worker GROUP CONTESTANT DIRECTORY SETTINGS...}. */
  public static void main(String[] arguments) throws Exception {
    RunSettings settings =
        RunSettings.fromArguments(List.of(arguments).subList(4, arguments.length));
    Worker.serve(() -> new TinyGroup().open(arguments[2], settings, Path.of(arguments[3])));
  }
}
