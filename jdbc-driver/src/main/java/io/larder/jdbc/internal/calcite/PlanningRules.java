package io.larder.jdbc.internal.calcite;

import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.SqlToRelConverter;

/**
 * The rules, few on purpose: Calcite's default set plans ten times as long for the same plans. The logical
 * ones run to a fixpoint without counting costs; the physical ones only choose operators.
 */
final class PlanningRules {

  private static final HepProgram SUBQUERIES =
      HepProgram.builder()
          .addRuleCollection(
              List.of(
                  CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
                  CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
                  CoreRules.JOIN_SUB_QUERY_TO_CORRELATE,
                  CoreRules.PROJECT_TO_LOGICAL_PROJECT_AND_WINDOW))
          .build();

  private static final HepProgram SIMPLIFY =
      HepProgram.builder()
          .addRuleCollection(
              List.of(
                  CoreRules.FILTER_MERGE,
                  CoreRules.FILTER_PROJECT_TRANSPOSE,
                  CoreRules.FILTER_AGGREGATE_TRANSPOSE,
                  CoreRules.FILTER_SET_OP_TRANSPOSE,
                  CoreRules.FILTER_INTO_JOIN,
                  CoreRules.JOIN_CONDITION_PUSH,
                  CoreRules.JOIN_PUSH_EXPRESSIONS,
                  CoreRules.PROJECT_MERGE,
                  CoreRules.PROJECT_REMOVE,
                  CoreRules.SORT_REMOVE_CONSTANT_KEYS,
                  CoreRules.AGGREGATE_EXPAND_DISTINCT_AGGREGATES,
                  CoreRules.AGGREGATE_REDUCE_FUNCTIONS))
          .build();

  private static final HepProgram PUSH_DOWN =
      HepProgram.builder().addRuleInstance(FilterIntoScanRule.INSTANCE).build();

  private static final List<RelOptRule> PHYSICAL =
      List.of(
          CoreRules.FILTER_TO_CALC,
          CoreRules.PROJECT_TO_CALC,
          CoreRules.CALC_MERGE,
          CoreRules.FILTER_CALC_MERGE,
          CoreRules.PROJECT_CALC_MERGE,
          EnumerableRules.ENUMERABLE_CALC_RULE,
          EnumerableRules.ENUMERABLE_JOIN_RULE,
          EnumerableRules.ENUMERABLE_CORRELATE_RULE,
          EnumerableRules.ENUMERABLE_AGGREGATE_RULE,
          EnumerableRules.ENUMERABLE_SORT_RULE,
          EnumerableRules.ENUMERABLE_LIMIT_RULE,
          EnumerableRules.ENUMERABLE_LIMIT_SORT_RULE,
          EnumerableRules.ENUMERABLE_UNION_RULE,
          EnumerableRules.ENUMERABLE_INTERSECT_RULE,
          EnumerableRules.ENUMERABLE_MINUS_RULE,
          EnumerableRules.ENUMERABLE_VALUES_RULE,
          EnumerableRules.ENUMERABLE_WINDOW_RULE,
          EnumerableRules.ENUMERABLE_UNCOLLECT_RULE,
          EnumerableRules.ENUMERABLE_COLLECT_RULE,
          EnumerableRules.ENUMERABLE_REPEAT_UNION_RULE,
          EnumerableRules.ENUMERABLE_TABLE_SPOOL_RULE,
          EnumerableRules.ENUMERABLE_TABLE_FUNCTION_SCAN_RULE);

  private PlanningRules() {}

  /** Returns the rules that choose operators. */
  static List<RelOptRule> physical() {
    return PHYSICAL;
  }

  /** Removes subqueries, moves conditions and columns down, and takes sorts away the key makes needless. */
  static RelNode simplify(RelRoot root, SqlToRelConverter converter) {
    RelNode node = run(SUBQUERIES, root.project());
    node =
        RelDecorrelator.decorrelateQuery(
            node, RelFactories.LOGICAL_BUILDER.create(node.getCluster(), null));
    node = run(SIMPLIFY, node);
    node = converter.trimUnusedFields(false, node);
    node = run(SIMPLIFY, node);
    node = run(PUSH_DOWN, node);
    RelNode ordered = node.accept(new KeyOrder());
    return RelOptUtil.equal(
            "before",
            node.getRowType(),
            "after",
            ordered.getRowType(),
            org.apache.calcite.util.Litmus.IGNORE)
        ? ordered
        : node;
  }

  private static RelNode run(HepProgram program, RelNode node) {
    HepPlanner planner = new HepPlanner(program, node.getCluster().getPlanner().getContext());
    planner.setRoot(node);
    return planner.findBestExp();
  }
}
