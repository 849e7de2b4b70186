package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableView;
import io.larder.tables.Column;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;

/** A table as Calcite sees it; with its raw key as a last column if rows are to be changed. Immutable. */
final class LarderTable extends AbstractTable implements TranslatableTable {
  /** The name of the raw key; no column can be called that by accident. */
  static final String RAW_KEY = "larder:key";

  private final TableView view;
  private final boolean keyed;

  LarderTable(TableView view, boolean keyed) {
    this.view = view;
    this.keyed = keyed;
  }

  TableView view() {
    return view;
  }

  boolean keyed() {
    return keyed;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder builder = factory.builder();
    for (Column column : view.columns()) {
      builder.add(column.name(), TypeMapping.toCalcite(factory, column.type(), column.nullable()));
    }
    if (keyed) {
      builder.add(RAW_KEY, factory.createSqlType(SqlTypeName.VARBINARY));
    }
    return builder.build();
  }

  /** Says nothing of keys: they are looked up by the fields of a scan, which are not all of the table's. */
  @Override
  public Statistic getStatistic() {
    double rows = Math.max(1, view.table().keyspace().statistics().entriesEstimated());
    return Statistics.of(rows, List.of());
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    return LarderScan.create(context.getCluster(), table, this);
  }
}
