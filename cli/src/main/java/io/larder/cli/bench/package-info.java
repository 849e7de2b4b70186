/**
 * The measurement behind {@code larder bench}.
 *
 * <p>Called by the command alone. Owns what is measured and how; knows nothing of how it is shown.
 */
@NullMarked
package io.larder.cli.bench;

import org.jspecify.annotations.NullMarked;
