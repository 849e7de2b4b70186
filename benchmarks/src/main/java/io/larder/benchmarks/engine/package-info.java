/**
 * The storage engines, side by side: one small class a product, one session that runs the work.
 *
 * <p>Called by the command line through {@link io.larder.benchmarks.engine.EngineGroup}. It owns
 * the workloads and checks every byte an engine hands out; it may not know caches or SQL.
 */
@NullMarked
package io.larder.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
