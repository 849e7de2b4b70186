/**
 * Cursors over several sources at once: merged, as one reader may see them, or as a merge of tables writes them.
 *
 * <p>Called by the storage engines for ranges, flushes and compactions. Owns the rules of shadowing, deletion and
 * expiry; may not know where its sources keep their bytes.
 */
@NullMarked
package io.larder.engine.internal.merge;

import org.jspecify.annotations.NullMarked;
