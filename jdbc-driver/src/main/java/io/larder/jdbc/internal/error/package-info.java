/**
 * SQLSTATEs and the one place where failures become SQL exceptions. Called by every package of the driver;
 * knows none of them.
 */
@NullMarked
package io.larder.jdbc.internal.error;

import org.jspecify.annotations.NullMarked;
