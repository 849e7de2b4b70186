/**
 * The command line of the side-by-side runs.
 *
 * <p>Called by people and scripts. It owns the choice of groups, sizes and result files; how a
 * group works is the business of the packages below.
 */
@NullMarked
package io.larder.benchmarks;

import org.jspecify.annotations.NullMarked;
