/**
 * Programs to run and to copy from; the snippets of README.md are cut from them.
 *
 * <p>Called by nobody but people and tests. Uses only {@code javax.cache} and {@code java.sql}.
 */
@NullMarked
package io.larder.samples;

import org.jspecify.annotations.NullMarked;
