/**
 * The two file systems and the clock: {@code LocalFileSystem} for the machine's disks, {@code
 * InMemoryFileSystem} for tests that need a disk which crashes and fails on demand.
 *
 * <p>Called by everything in the engine that opens a file, always through {@code spi.FileSystem}. Owns
 * handles, lock registry and the rules of durable replacement ({@code AtomicFile}); may not know what
 * the bytes in a file mean.
 */
@NullMarked
package io.larder.engine.internal.io;

import org.jspecify.annotations.NullMarked;
