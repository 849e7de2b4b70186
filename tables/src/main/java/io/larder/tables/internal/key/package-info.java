/**
 * Keys as bytes that sort as the keys do.
 *
 * <p>Called by the row and entry codecs. Owns the key tags and the layout of every key type; knows nothing of
 * tables, columns or values.
 */
@NullMarked
package io.larder.tables.internal.key;

import org.jspecify.annotations.NullMarked;
