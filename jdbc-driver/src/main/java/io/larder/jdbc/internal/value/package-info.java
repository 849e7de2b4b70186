/**
 * Values between the stored types, java.sql and java.time. Called by results and statements; knows no table.
 */
@NullMarked
package io.larder.jdbc.internal.value;

import org.jspecify.annotations.NullMarked;
