package io.larder.simulation.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that takes steps until it is killed or has taken as many as asked. It prints {@code o} when the database is
 * open, {@code a NUMBER} when a step is acknowledged, and the counted calls at the end.
 */
final class Writer {
  /** How many bytes each step leaves behind, so that the heap runs full wherever the engine happens to be. */
  private static final int BALLAST_BYTES = Integer.getInteger("larder.ballast", 0);

  private static final List<byte[]> BALLAST = new ArrayList<>();

  private Writer() {}

  /** Arguments: the door, the directory, the options, the last step taken before, how many to take. */
  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    boolean atomic = Door.isAtomic(name);
    long first = Long.parseLong(arguments[3]) + 1;
    long last = first + Long.parseLong(arguments[4]) - 1;
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      try (Door door = Door.open(name, Path.of(arguments[1]), arguments[2])) {
        print(out, "o\n");
        for (long number = first; number <= last; number++) {
          door.take(Ledger.step(number, atomic));
          print(out, "a " + number + "\n");
          door.tidy(number);
          if (BALLAST_BYTES > 0) {
            BALLAST.add(new byte[BALLAST_BYTES]);
          }
        }
      } catch (OutOfMemoryError e) {
        BALLAST
            .clear(); // the door was closed with a full heap; only what is said next has room again
        print(out, "m\n");
      }
      print(out, KillSwitch.counts());
    }
  }

  private static void print(OutputStream out, String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.US_ASCII));
  }
}
