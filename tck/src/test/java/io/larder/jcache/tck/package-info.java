/**
 * Judges a run of the TCK.
 *
 * <p>Called by the build after the run. Owns the lists of known failures and exclusions; runs no test of the TCK by
 * itself.
 */
@NullMarked
package io.larder.jcache.tck;

import org.jspecify.annotations.NullMarked;
