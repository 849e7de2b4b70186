package io.larder.jdbc;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.Unwrapping;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.value.JdbcTypes;
import io.larder.tables.DataType;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;

/**
 * Describes the parameters of a statement. Immutable.
 *
 * @param parameters the parameters in order
 */
record LarderParameterMetaData(List<ParameterInfo> parameters)
    implements ParameterMetaData, Unwrapping {

  private DataType type(int parameter) throws SQLException {
    if (parameter < 1 || parameter > parameters.size()) {
      throw Errors.of(
          SqlState.INVALID_INDEX,
          "no parameter " + parameter + ", the statement has " + parameters.size());
    }
    return parameters.get(parameter - 1).type();
  }

  @Override
  public int getParameterCount() {
    return parameters.size();
  }

  @Override
  public int isNullable(int parameter) throws SQLException {
    type(parameter);
    return parameterNullableUnknown;
  }

  @Override
  public boolean isSigned(int parameter) throws SQLException {
    return JdbcTypes.isSigned(type(parameter));
  }

  @Override
  public int getPrecision(int parameter) throws SQLException {
    return JdbcTypes.precision(type(parameter));
  }

  @Override
  public int getScale(int parameter) throws SQLException {
    return JdbcTypes.scale(type(parameter));
  }

  @Override
  public int getParameterType(int parameter) throws SQLException {
    return JdbcTypes.code(type(parameter));
  }

  @Override
  public String getParameterTypeName(int parameter) throws SQLException {
    return JdbcTypes.name(type(parameter));
  }

  @Override
  public String getParameterClassName(int parameter) throws SQLException {
    return JdbcTypes.objectClass(type(parameter)).getName();
  }

  @Override
  public int getParameterMode(int parameter) throws SQLException {
    type(parameter);
    return parameterModeIn;
  }
}
