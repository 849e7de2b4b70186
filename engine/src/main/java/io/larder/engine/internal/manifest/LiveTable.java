package io.larder.engine.internal.manifest;

import io.larder.engine.internal.table.TableMetadata;

/**
 * A table file that belongs to the database.
 *
 * @param runOrder which run it is part of; a run with a larger number holds newer versions, and tables of the
 *     same run never hold the same key
 * @param metadata what the file holds, and how to tell that it is unharmed
 */
public record LiveTable(long runOrder, TableMetadata metadata) {}
