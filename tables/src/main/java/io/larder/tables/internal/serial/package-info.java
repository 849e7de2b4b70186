/**
 * Java serialization behind an allow-list.
 *
 * <p>Called by the entry codecs for objects that have no encoding of their own. Owns which classes may be
 * recreated from bytes and the limits on what a stream may ask for; knows nothing of tables or of where the
 * bytes are kept.
 */
@NullMarked
package io.larder.tables.internal.serial;

import org.jspecify.annotations.NullMarked;
