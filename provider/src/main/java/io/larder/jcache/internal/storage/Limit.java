package io.larder.jcache.internal.storage;

/**
 * How much a cache may hold. Immutable.
 *
 * @param isBytes whether bytes are counted, of keys and values as they are stored, or else entries
 * @param most how many there may be
 */
public record Limit(boolean isBytes, long most) {}
