package io.larder.engine.internal.manifest;

/**
 * A keyspace as it is stored. Immutable.
 *
 * @param handleId the number it got when it was created; stays the same for its whole life
 * @param dataId the number its entries carry; a new one each time the keyspace is cleared
 * @param name its name
 */
public record KeyspaceDefinition(int handleId, int dataId, String name) {}
