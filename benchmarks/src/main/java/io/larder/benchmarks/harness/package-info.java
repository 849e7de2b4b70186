/**
 * The method: child processes, interleaved rounds, medians, ratios and reports.
 *
 * <p>Called by the groups of contestants above it and by the command line. It owns the processes it
 * starts, the clock readings and the result files; it may not know any product, nor what kind of
 * work a step does.
 */
@NullMarked
package io.larder.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
