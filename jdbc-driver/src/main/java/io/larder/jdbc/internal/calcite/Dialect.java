package io.larder.jdbc.internal.calcite;

import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/** Calcite's most liberal dialect, without what hides mistakes. */
final class Dialect extends SqlDelegatingConformance {
  static final Dialect INSTANCE = new Dialect();

  private Dialect() {
    super(SqlConformanceEnum.BABEL);
  }

  /** A column not grouped by is an error, not a value of any row. */
  @Override
  public boolean isNonStrictGroupBy() {
    return false;
  }

  /** A name in the select list is a column, never another element of that list. */
  @Override
  public SqlConformance.SelectAliasLookup isSelectAlias() {
    return SqlConformance.SelectAliasLookup.UNSUPPORTED;
  }
}
