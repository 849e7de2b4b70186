/**
 * Proves that what people put in front of a JCache provider works with Larder: Spring's cache abstraction, Hibernate's
 * second-level cache, Bucket4j, Micrometer. Each is used as its manual says, with no class of Larder in the code.
 */
@NullMarked
package io.larder.samples.clients;

import org.jspecify.annotations.NullMarked;
