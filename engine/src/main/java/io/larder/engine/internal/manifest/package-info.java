/**
 * What a database on disk consists of: the manifest, a checksummed log of edits, and the version they add up to.
 *
 * <p>Called by the disk engine, which owns the files the manifest lists; the definition of a keyspace is shared
 * with the memory engine. Knows file names and metadata, never entries.
 */
@NullMarked
package io.larder.engine.internal.manifest;

import org.jspecify.annotations.NullMarked;
