package io.larder.engine.internal.disk;

import io.larder.engine.internal.memtable.Memtable;

/**
 * A memtable that takes no more changes.
 *
 * @param memtable the memtable
 * @param logFloor the first log segment that is still needed once it is in tables
 */
record FrozenMemtable(Memtable memtable, long logFloor) {}
