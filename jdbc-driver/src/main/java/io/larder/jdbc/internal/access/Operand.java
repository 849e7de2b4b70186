package io.larder.jdbc.internal.access;

import io.larder.jdbc.internal.value.Conversions;
import io.larder.tables.DataType;
import org.jspecify.annotations.Nullable;

/** A value known when the statement runs: a constant of the right type already, or a parameter. */
public sealed interface Operand {

  /** Returns the value, in the type of the column it belongs to. */
  @Nullable Object value(@Nullable Object[] parameters);

  /**
   * A value in the statement's text.
   *
   * @param constant the value
   */
  record Constant(@Nullable Object constant) implements Operand {
    @Override
    public @Nullable Object value(@Nullable Object[] parameters) {
      return constant;
    }

    @Override
    public String toString() {
      return constant instanceof String text
          ? "'" + text.replace("'", "''") + "'"
          : String.valueOf(Conversions.toText(constant));
    }
  }

  /**
   * A parameter.
   *
   * @param index its number, from 0
   * @param type the type its value is converted to
   */
  record Parameter(int index, DataType type) implements Operand {
    @Override
    public @Nullable Object value(@Nullable Object[] parameters) {
      return type.convert(parameters[index]);
    }

    @Override
    public String toString() {
      return "?" + (index + 1);
    }
  }
}
