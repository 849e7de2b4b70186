package io.larder.engine.api;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A database as it was before something risky was done to it. Immutable.
 *
 * @param name its name
 * @param path its directory, which is that of a whole database
 * @param createdAt when it was made
 * @param reason what was about to be done, one word
 * @param bytes the sizes of its files
 */
public record RecoveryPoint(String name, Path path, Instant createdAt, String reason, long bytes) {}
