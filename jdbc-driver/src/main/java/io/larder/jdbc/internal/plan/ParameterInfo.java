package io.larder.jdbc.internal.plan;

import io.larder.tables.DataType;

/**
 * A parameter of a statement.
 *
 * @param type the type its value is converted to
 */
public record ParameterInfo(DataType type) {}
