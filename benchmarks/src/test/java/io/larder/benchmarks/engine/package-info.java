/** Tests of the engine workloads on an engine small enough to be obviously right. */
@NullMarked
package io.larder.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
