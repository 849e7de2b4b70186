/**
 * Judges the runs of the TCK, and the page about conformance.
 *
 * <p>Called by the build after the runs. Owns the lists of known failures and exclusions; runs no test of the TCK by
 * itself.
 */
@NullMarked
package io.larder.jcache.tck;

import org.jspecify.annotations.NullMarked;
