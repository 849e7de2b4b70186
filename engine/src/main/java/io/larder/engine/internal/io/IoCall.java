package io.larder.engine.internal.io;

import java.nio.file.Path;

/**
 * One call that an {@link InMemoryFileSystem} is about to serve. An immutable value.
 *
 * @param index how many calls came before it
 * @param operation what is asked for
 * @param path on which file or directory
 * @param position at which offset, 0 where there is none
 * @param lengthBytes how many bytes, or which size, 0 where there is none
 */
public record IoCall(long index, Operation operation, Path path, long position, long lengthBytes) {

  /** What a call asks for. */
  public enum Operation {
    /** Opens an existing file. */
    OPEN(false),
    /** Creates and opens a file. */
    CREATE(true),
    /** Reads bytes. */
    READ(false),
    /** Maps bytes for reading or writing. */
    MAP(false),
    /** Writes bytes. */
    WRITE(true),
    /** Copies bytes into mapped memory. */
    WRITE_MAPPED(true),
    /** Extends a file with zeros. */
    PREALLOCATE(true),
    /** Cuts a file. */
    TRUNCATE(true),
    /** Makes a file durable. */
    SYNC(true),
    /** Asks for a size, a name or a list of names. */
    LOOK(false),
    /** Creates a directory. */
    CREATE_DIRECTORY(true),
    /** Renames a file. */
    RENAME(true),
    /** Gives a file a second name. */
    LINK(true),
    /** Deletes a name. */
    DELETE(true),
    /** Makes the names in a directory durable. */
    SYNC_DIRECTORY(true),
    /** Takes a lock. */
    LOCK(true);

    private final boolean changing;

    Operation(boolean changing) {
      this.changing = changing;
    }

    /** Returns whether it can change what is on the disk, now or after a crash. */
    public boolean isChanging() {
      return changing;
    }
  }

  @Override
  public String toString() {
    return "call " + index + " " + operation + " " + path + " at " + position + " " + lengthBytes;
  }
}
