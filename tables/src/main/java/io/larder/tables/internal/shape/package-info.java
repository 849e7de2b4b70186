/**
 * Classes whose objects are rows: records and plain beans.
 *
 * <p>Called by the value codec and by whatever derives columns from classes. Owns the rule of which classes those
 * are and the handles that read and make them without reflection on each call; knows nothing of bytes or tables.
 */
@NullMarked
package io.larder.tables.internal.shape;

import org.jspecify.annotations.NullMarked;
