package io.larder.engine.internal.io;

/**
 * Decides, before each call of an {@link InMemoryFileSystem}, what goes wrong with it. Called with the file
 * system locked, by the calling thread; it may take images of the disk, and blocking in it delays
 * everybody.
 */
@FunctionalInterface
public interface FaultHook {

  /** Returns what shall go wrong. */
  Fault before(IoCall call);

  /** What can go wrong with a call. */
  enum Fault {
    /** Nothing. */
    NONE,
    /** The call fails with an I/O error; a failed sync loses its pages, whatever is tried later. */
    IO_ERROR,
    /** The call fails because the disk is full. */
    NO_SPACE,
    /** A read returns fewer bytes than it could; a write fails when half of it is done. */
    SHORT,
    /** A read says that the file ends here. */
    END_OF_FILE,
    /** The call does nothing and reports success. */
    DROP,
    /** One bit of the data read or written is another. */
    FLIP,
    /** The power goes: this and every later call fails, until the disk is looked at after the crash. */
    POWER_OFF
  }
}
