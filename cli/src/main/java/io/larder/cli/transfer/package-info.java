/**
 * Tables into files and files into tables: CSV and JSON lines, one record after the other.
 *
 * <p>Called by {@code larder export} and {@code larder import}. Owns the forms of the files, how
 * they carry types, and how types are found where they do not; knows nothing of options or exit
 * codes.
 */
@NullMarked
package io.larder.cli.transfer;

import org.jspecify.annotations.NullMarked;
