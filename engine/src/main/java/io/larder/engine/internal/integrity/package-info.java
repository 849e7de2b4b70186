/**
 * Whether a database is sound, and what can be saved of one that is not.
 *
 * <p>Called by the database (to verify itself while open) and by the roof (for closed ones). Reads what others wrote and
 * changes nothing; what is right inside a table, a manifest or the log is theirs to say.
 */
@NullMarked
package io.larder.engine.internal.integrity;

import org.jspecify.annotations.NullMarked;
