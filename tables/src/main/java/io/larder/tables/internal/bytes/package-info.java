/**
 * Bytes being written and read: growing output, checked input, text.
 *
 * <p>Called by the key and value codecs. Owns bounds checks, variable-length numbers and the encoding of
 * strings; knows nothing of types, tables or rows.
 */
@NullMarked
package io.larder.tables.internal.bytes;

import org.jspecify.annotations.NullMarked;
