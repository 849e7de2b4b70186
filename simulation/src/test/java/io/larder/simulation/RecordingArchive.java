package io.larder.simulation;

import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.wal.LogArchive;
import io.larder.engine.internal.wal.LogInspector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * An archive that checks what it is given: each segment once, in order, without a gap, and with the frames it is said
 * to have. It refuses now and then. Used by one thread.
 */
final class RecordingArchive implements LogArchive {
  private final InMemoryFileSystem fileSystem;
  private final Random random;
  private final Set<Long> numbers = new HashSet<>();
  private long lastSequence;
  private boolean refusing;

  RecordingArchive(InMemoryFileSystem fileSystem, Random random) {
    this.fileSystem = fileSystem;
    this.random = random;
  }

  /** Returns whether the last segment was refused; the next one will not be. */
  boolean isRefusing() {
    boolean refused = refusing;
    refusing = false;
    return refused;
  }

  /** Returns the last sequence number it has. */
  long lastSequence() {
    return lastSequence;
  }

  @Override
  public boolean contains(long number) {
    return numbers.contains(number);
  }

  @Override
  public void archive(long number, Path segment, long firstSequence, long last) throws IOException {
    if (random.nextInt(4) == 0) {
      refusing = true;
      throw new IOException("the archive is full");
    }
    long[] walked = {firstSequence - 1};
    LogInspector.frames(
        fileSystem,
        segment,
        (frame, changes) -> {
          walked[0] = frame.lastSequence();
          return walked[0] < last;
        });
    if (firstSequence != lastSequence + 1 || walked[0] != last || !numbers.add(number)) {
      throw new AssertionError(
          "segment %d from %d to %d, its frames end at %d, after %d; numbers %s"
              .formatted(number, firstSequence, last, walked[0], lastSequence, numbers));
    }
    lastSequence = last;
  }
}
