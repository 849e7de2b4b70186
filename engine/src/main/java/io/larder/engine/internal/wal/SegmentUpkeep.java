package io.larder.engine.internal.wal;

import io.larder.engine.api.SyncMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;

/**
 * Hands segments that are full to the archive, and gives up those that nothing needs any more. Thread-safe; its work on
 * files is done as the leader.
 */
final class SegmentUpkeep {
  private final LogTail tail;
  private final GroupCommit group;
  private final LogOptions options;
  private final SegmentFiles files;
  private final OpenSegments open;
  private final LogStatistics statistics;
  private final ReentrantLock lock;
  private final SegmentLedger ledger;
  private volatile LongPredicate held = number -> false;

  SegmentUpkeep(LogParts parts, LogTail tail, GroupCommit group) {
    this.tail = tail;
    this.group = group;
    this.options = parts.options();
    this.files = parts.files();
    this.open = parts.open();
    this.statistics = parts.statistics();
    this.lock = tail.lock();
    this.ledger = tail.ledger();
  }

  void setHeld(LongPredicate segments) {
    held = segments;
  }

  /** See {@link WriteAheadLog#archiveNext}. */
  boolean archiveNext() throws IOException {
    LogArchive archive = options.archive();
    SegmentRanges.Sealed sealed = archive == null ? null : tail.oldestUnarchived();
    if (archive == null || sealed == null) {
      return false;
    }
    if (sealed.firstSequence() <= sealed.lastSequence()) {
      // What it holds must not be taken back by a power loss once the archive has it.
      group.await(sealed.lastSequence(), SyncMode.ALWAYS);
      archive(archive, sealed);
    }
    lock.lock();
    try {
      ledger.archived(sealed.number());
    } finally {
      lock.unlock();
    }
    if (sealed.number() < ledger.firstSegment()) {
      group.exclusively(this::deleteUnneeded, "cannot delete log segments");
    }
    return true;
  }

  private void archive(LogArchive archive, SegmentRanges.Sealed sealed) throws IOException {
    try {
      if (!archive.contains(sealed.number())) {
        Path path = files.segmentPath(sealed.number());
        archive.archive(sealed.number(), path, sealed.firstSequence(), sealed.lastSequence());
        statistics.countArchived();
      }
    } catch (IOException | RuntimeException e) {
      statistics.countArchiveFailure();
      throw e;
    }
  }

  /** See {@link WriteAheadLog#deleteSegmentsBelow}. */
  void deleteSegmentsBelow(long number) {
    if (number > tail.currentSegment()) {
      throw new IllegalArgumentException(
          "found segment "
              + number
              + ", expected at most the current one, "
              + tail.currentSegment());
    }
    group.exclusively(
        () -> {
          group.flush(false);
          ledger.firstIs(number);
          deleteUnneeded();
        },
        "cannot delete log segments");
  }

  /** Deletes or keeps for reuse whatever neither a recovery nor the archive needs. By the leader. */
  private void deleteUnneeded() throws IOException {
    for (long each : files.segments().headMap(ledger.firstSegment()).keySet()) {
      if (!isWanted(each) && !held.test(each)) {
        files.retire(each, open.take(each));
        lock.lock();
        try {
          ledger.removed(each);
        } finally {
          lock.unlock();
        }
      }
    }
    lock.lock();
    try {
      ledger.note();
    } finally {
      lock.unlock();
    }
  }

  private boolean isWanted(long number) {
    lock.lock();
    try {
      return ledger.isWanted(number);
    } finally {
      lock.unlock();
    }
  }
}
