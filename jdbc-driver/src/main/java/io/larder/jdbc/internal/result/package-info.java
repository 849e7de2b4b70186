/**
 * Result sets and their metadata. Called by statements; knows where rows come from only as a cursor.
 */
@NullMarked
package io.larder.jdbc.internal.result;

import org.jspecify.annotations.NullMarked;
