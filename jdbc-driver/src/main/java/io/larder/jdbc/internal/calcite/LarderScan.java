package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.AccessChoice;
import io.larder.jdbc.internal.access.Condition;
import io.larder.jdbc.internal.access.TableScan;
import io.larder.jdbc.internal.access.TableView;
import io.larder.tables.DataType;
import java.util.List;
import java.util.Set;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.hint.RelHint;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Reads a table with what was pushed down to it: the columns used, the conditions on single columns, the
 * direction. Immutable. The access path is ours to choose, from the conditions, and is fixed before the
 * optimiser counts costs.
 */
final class LarderScan extends org.apache.calcite.rel.core.TableScan implements EnumerableRel {
  private static final double SELECTED_POINT = 1;
  private static final double SELECTED_RANGE = 0.1;
  private static final double SELECTED_BY_CONDITION = 0.25;

  private final LarderTable source;
  private final ImmutableBitSet columns;
  private final List<Condition> conditions;
  private final AccessChoice choice;
  private final boolean descending;

  private LarderScan(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelOptTable table,
      LarderTable source,
      ImmutableBitSet columns,
      List<Condition> conditions,
      boolean descending) {
    super(cluster, traits, List.<RelHint>of(), table);
    this.source = source;
    this.columns = columns;
    this.conditions = conditions;
    this.descending = descending;
    this.choice = AccessChoice.choose(source.view(), conditions);
  }

  static LarderScan create(RelOptCluster cluster, RelOptTable table, LarderTable source) {
    int count = source.view().columns().size() + (source.keyed() ? 1 : 0);
    return new LarderScan(
        cluster,
        cluster.traitSetOf(EnumerableConvention.INSTANCE),
        table,
        source,
        ImmutableBitSet.range(count),
        List.of(),
        false);
  }

  LarderScan withConditions(List<Condition> more) {
    List<Condition> all = new java.util.ArrayList<>(conditions);
    all.addAll(more);
    return new LarderScan(
        getCluster(), traitSet, table, source, columns, List.copyOf(all), descending);
  }

  LarderScan withDirection(boolean backwards) {
    return new LarderScan(getCluster(), traitSet, table, source, columns, conditions, backwards);
  }

  TableView view() {
    return source.view();
  }

  AccessChoice choice() {
    return choice;
  }

  /** Returns the table's column behind a field of this scan, or -1 for the raw key. */
  int column(int field) {
    int column = columns.nth(field);
    return column < view().columns().size() ? column : -1;
  }

  @Override
  public RelDataType deriveRowType() {
    RelDataTypeFactory.Builder builder = getCluster().getTypeFactory().builder();
    List<RelDataTypeField> fields = table.getRowType().getFieldList();
    for (int column : columns) {
      builder.add(fields.get(column));
    }
    return builder.build();
  }

  @Override
  public RelNode project(
      ImmutableBitSet fields, Set<RelDataTypeField> extraFields, RelBuilder builder) {
    if (!extraFields.isEmpty()) {
      return super.project(fields, extraFields, builder);
    }
    ImmutableBitSet.Builder kept = ImmutableBitSet.builder();
    for (int field : fields.isEmpty() ? ImmutableBitSet.of(0) : fields) {
      kept.set(columns.nth(field));
    }
    return new LarderScan(
        getCluster(), traitSet, table, source, kept.build(), conditions, descending);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new LarderScan(getCluster(), traits, table, source, columns, conditions, descending);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("columns", columns)
        .item("access", choice.access().describe())
        .itemIf("conditions", conditions, !conditions.isEmpty())
        .itemIf("descending", true, descending);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery query) {
    double rows = table.getRowCount();
    if (choice.access().isPoint()) {
      return SELECTED_POINT;
    }
    if (!choice.access().isEverything()) {
      rows *= SELECTED_RANGE;
    }
    return Math.max(1, rows * Math.pow(SELECTED_BY_CONDITION, choice.remaining().size()));
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
    double rows = estimateRowCount(query);
    return planner.getCostFactory().makeCost(rows, rows, 0);
  }

  /** Returns what EXPLAIN shows. */
  String describe() {
    return scan().describe();
  }

  private TableScan scan() {
    List<Integer> wanted = columns.asList();
    int count = view().columns().size();
    boolean withKey = !wanted.isEmpty() && wanted.get(wanted.size() - 1) == count;
    int[] positions =
        wanted.stream().filter(column -> column < count).mapToInt(Integer::intValue).toArray();
    return new TableScan(view(), choice, positions, descending, withKey);
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
    PhysType physical =
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    DataType[] types =
        columns.asList().stream()
            .map(
                column ->
                    column < view().columns().size() ? view().type(column) : DataType.VARBINARY)
            .toArray(DataType[]::new);
    ScanSource rows = new ScanSource(scan(), types, types.length == 1);
    Expression stashed = implementor.stash(rows, ScanSource.class);
    return implementor.result(
        physical, Blocks.toBlock(Expressions.call(stashed, "rows", DataContext.ROOT)));
  }
}
