package io.larder.benchmarks.jcache;

import java.io.Serializable;

/**
 * A small object as applications cache it: four fields of three types. Immutable.
 *
 * @param number its number, from which the rest follows
 * @param name a name of some 20 characters
 * @param city a city of some 10 characters
 * @param active a flag
 */
public record Customer(long number, String name, String city, boolean active)
    implements Serializable {}
