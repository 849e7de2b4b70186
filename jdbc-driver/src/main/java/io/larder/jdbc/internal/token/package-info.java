/**
 * The tokens and literals of SQL. Called by the parsers made by hand; knows no grammar.
 */
@NullMarked
package io.larder.jdbc.internal.token;

import org.jspecify.annotations.NullMarked;
