package io.larder.engine.internal.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall.Operation;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.io.SystemClock;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The same log through mapped memory, and what only that can do. */
class MappedWriteAheadLogTest extends WriteAheadLogTest {
  private static final Path DISK = Path.of("/disk");

  @Override
  boolean mapped() {
    return true;
  }

  @Test
  void append_isWrittenWhenItReturns_andAKillLosesNothing() throws IOException {
    InMemoryFileSystem disk = disk();
    WriteAheadLog log = create(disk);
    log.append(batch(), 1, 0);
    assertThat(log.writtenSequence()).isEqualTo(1);
    assertThat(log.syncedSequence()).isZero();
    assertThat(recovered(disk.afterCrash(LossModel.PROCESS_KILLED, 0))).isEqualTo(1);
    assertThat(recovered(disk.afterCrash(LossModel.NOTHING, 0))).isZero();
    log.sync();
    assertThat(recovered(disk.afterCrash(LossModel.NOTHING, 0))).isEqualTo(1);
    log.close();
    disk.requireNoLeaks();
  }

  @Test
  void append_memoryNotBacked_stopsWritesAndRecoversWhatWasBefore() throws IOException {
    InMemoryFileSystem disk = disk();
    WriteAheadLog log = create(disk);
    log.append(batch(), 1, 0);
    disk.setHook(call -> call.operation() == Operation.WRITE_MAPPED ? Fault.SHORT : Fault.NONE);
    assertThatThrownBy(() -> log.append(batch(), 2, 0)).isInstanceOf(WritesStoppedException.class);
    disk.setHook(call -> Fault.NONE);
    assertThatThrownBy(() -> log.append(batch(), 2, 0)).isInstanceOf(WritesStoppedException.class);
    log.await(1, SyncMode.NONE);
    log.abandon();
    disk.requireNoLeaks();
    assertThat(recovered(disk.afterCrash(LossModel.PROCESS_KILLED, 0))).isEqualTo(1);
  }

  private static InMemoryFileSystem disk() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(DISK);
    return disk;
  }

  private static LogOptions options() {
    return new LogOptions(1, 64 << 10, 1).withMapped(true);
  }

  private static WriteAheadLog create(InMemoryFileSystem disk) {
    return WriteAheadLog.create(disk, SystemClock.instance(), DISK, options(), 0);
  }

  private static long recovered(InMemoryFileSystem disk) {
    try (WriteAheadLog log =
        WriteAheadLog.recover(
            disk,
            SystemClock.instance(),
            DISK,
            options(),
            new LogStart(1, 0, 0),
            (first, count, time, changes) -> {})) {
      return log.recovery().lastSequence();
    }
  }

  private static BatchEncoder batch() {
    return new BatchEncoder().put(1, new byte[] {1}, new byte[50], 0).finish();
  }
}
