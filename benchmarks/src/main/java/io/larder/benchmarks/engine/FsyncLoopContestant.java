package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The yardstick of synced commits: threads append records to a buffer, one of them writes it to a
 * preallocated file and forces it. No store keeps its promise faster on this device with this
 * scheme; it can read nothing back.
 */
final class FsyncLoopContestant implements EngineContestant {

  private static final int FILE_BYTES = 64 << 20;

  @Override
  public Contestant describe() {
    return new Contestant(
        "fsync-loop",
        Contestant.Role.YARDSTICK,
        "no store: group-committed appends to a preallocated 64 MiB file, FileChannel.force(false)");
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.SYNC);
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape)
      throws IOException {
    return new Loop(directory.resolve("log"));
  }

  /** The lock guards the buffer that is being filled; the leader swaps it out and writes it. */
  private static final class Loop implements OpenEngine {

    private final FileChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final GroupCommit group = new GroupCommit(this::force);
    private ByteBuffer filling = ByteBuffer.allocateDirect(1 << 20);
    private ByteBuffer writing = ByteBuffer.allocateDirect(1 << 20);
    private long position;

    Loop(Path file) throws IOException {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
        channel.write(zeros.clear(), at);
      }
      channel.force(true);
    }

    @Override
    public void put(byte[] key, byte[] value) throws Exception {
      lock.lock();
      try {
        filling.putInt(key.length).putInt(value.length).put(key).put(value);
      } finally {
        lock.unlock();
      }
      group.commit();
    }

    private void force() throws IOException {
      lock.lock();
      try {
        ByteBuffer full = filling;
        filling = writing;
        writing = full;
      } finally {
        lock.unlock();
      }
      writing.flip();
      if (position + writing.remaining() > FILE_BYTES) {
        position = 0;
      }
      while (writing.hasRemaining()) {
        position += channel.write(writing, position);
      }
      writing.clear();
      channel.force(false);
    }

    @Override
    public void write(byte[][] keys, byte[][] values) {
      throw new UnsupportedOperationException("the bare loop only commits single records");
    }

    @Override
    public void delete(byte[] key) {
      throw new UnsupportedOperationException("the bare loop cannot delete");
    }

    @Override
    public void deleteAll(byte[][] keys) {
      throw new UnsupportedOperationException("the bare loop cannot delete");
    }

    @Override
    public EngineReader reader() {
      throw new UnsupportedOperationException("the bare loop cannot read");
    }

    @Override
    public void settle() {}

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
