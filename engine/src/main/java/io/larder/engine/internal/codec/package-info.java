/**
 * How things are spelled in bytes: checksums, the header that starts every file, variable-length
 * numbers, and the payload of a write batch.
 *
 * <p>Called by the log, the sorted tables and the manifest. Owns the code numbers of these formats,
 * which FORMAT.md lists; may not know files, threads or time.
 */
@NullMarked
package io.larder.engine.internal.codec;

import org.jspecify.annotations.NullMarked;
