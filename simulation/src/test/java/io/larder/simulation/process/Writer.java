package io.larder.simulation.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A program that takes steps until it is killed or has taken as many as asked. It prints {@code o} when the database is
 * open, {@code a NUMBER} when a step is acknowledged, and the counted calls at the end.
 */
final class Writer {
  private Writer() {}

  /** Arguments: the door, the directory, the sync mode, the last step taken before, how many to take. */
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
        }
      }
      print(out, KillSwitch.counts());
    }
  }

  private static void print(OutputStream out, String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.US_ASCII));
  }
}
