/**
 * A small recogniser for the statements programs run all day. Called by the connection; loads nothing of the
 * full grammar.
 */
@NullMarked
package io.larder.jdbc.internal.recognise;

import org.jspecify.annotations.NullMarked;
