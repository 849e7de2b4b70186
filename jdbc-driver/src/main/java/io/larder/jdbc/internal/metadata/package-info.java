/**
 * Answers about tables, columns and keys as rows. Called by the connection's metadata; reads the catalog only.
 */
@NullMarked
package io.larder.jdbc.internal.metadata;

import org.jspecify.annotations.NullMarked;
