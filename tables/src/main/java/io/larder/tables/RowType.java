package io.larder.tables;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the dictionary keeps under a type number: the shape of rows, or an enum.
 *
 * @param className the class whose objects became such rows, null if none
 * @param fieldNames the names of the fields in order; none for an enum
 */
record RowType(@Nullable String className, List<String> fieldNames) {}
