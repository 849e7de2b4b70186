/** Tests of the method: medians, ratios, child processes, reports. */
@NullMarked
package io.larder.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
