/**
 * Values as text and as JSON, both ways.
 *
 * <p>Called by every command that shows or reads values. Owns the JSON reader and writer and how a
 * value of each type is written; knows nothing of databases, files or terminals.
 */
@NullMarked
package io.larder.cli.text;

import org.jspecify.annotations.NullMarked;
