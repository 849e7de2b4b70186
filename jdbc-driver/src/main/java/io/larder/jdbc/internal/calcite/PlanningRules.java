package io.larder.jdbc.internal.calcite;

import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.interpreter.Bindables;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.AggregateExpandDistinctAggregatesRule;
import org.apache.calcite.rel.rules.AggregateReduceFunctionsRule;
import org.apache.calcite.rel.rules.CalcMergeRule;
import org.apache.calcite.rel.rules.FilterAggregateTransposeRule;
import org.apache.calcite.rel.rules.FilterCalcMergeRule;
import org.apache.calcite.rel.rules.FilterJoinRule;
import org.apache.calcite.rel.rules.FilterMergeRule;
import org.apache.calcite.rel.rules.FilterProjectTransposeRule;
import org.apache.calcite.rel.rules.FilterSetOpTransposeRule;
import org.apache.calcite.rel.rules.FilterToCalcRule;
import org.apache.calcite.rel.rules.JoinPushExpressionsRule;
import org.apache.calcite.rel.rules.ProjectCalcMergeRule;
import org.apache.calcite.rel.rules.ProjectMergeRule;
import org.apache.calcite.rel.rules.ProjectRemoveRule;
import org.apache.calcite.rel.rules.ProjectToCalcRule;
import org.apache.calcite.rel.rules.ProjectToWindowRule;
import org.apache.calcite.rel.rules.SortRemoveConstantKeysRule;
import org.apache.calcite.rel.rules.SubQueryRemoveRule;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.SqlToRelConverter;

/**
 * The rules, few on purpose: Calcite's default set plans ten times as long for the same plans. The logical
 * ones run to a fixpoint without counting costs; the physical ones only choose operators. Each rule is made
 * from its own configuration: the class that lists all of Calcite's rules costs 200 ms to load.
 */
final class PlanningRules {

  private static final HepProgram SUBQUERIES =
      HepProgram.builder()
          .addRuleCollection(
              List.of(
                  SubQueryRemoveRule.Config.FILTER.toRule(),
                  SubQueryRemoveRule.Config.PROJECT.toRule(),
                  SubQueryRemoveRule.Config.JOIN.toRule(),
                  ProjectToWindowRule.ProjectToLogicalProjectAndWindowRule
                      .ProjectToLogicalProjectAndWindowRuleConfig.DEFAULT
                      .toRule()))
          .build();

  private static final HepProgram SIMPLIFY =
      HepProgram.builder()
          .addRuleCollection(
              List.of(
                  FilterMergeRule.Config.DEFAULT.toRule(),
                  FilterProjectTransposeRule.Config.DEFAULT.toRule(),
                  FilterAggregateTransposeRule.Config.DEFAULT.toRule(),
                  FilterSetOpTransposeRule.Config.DEFAULT.toRule(),
                  FilterJoinRule.FilterIntoJoinRule.FilterIntoJoinRuleConfig.DEFAULT.toRule(),
                  FilterJoinRule.JoinConditionPushRule.JoinConditionPushRuleConfig.DEFAULT.toRule(),
                  JoinPushExpressionsRule.Config.DEFAULT.toRule(),
                  ProjectMergeRule.Config.DEFAULT.toRule(),
                  ProjectRemoveRule.Config.DEFAULT.toRule(),
                  SortRemoveConstantKeysRule.Config.DEFAULT.toRule(),
                  AggregateExpandDistinctAggregatesRule.Config.DEFAULT.toRule(),
                  AggregateReduceFunctionsRule.Config.DEFAULT.toRule()))
          .build();

  private static final HepProgram PUSH_DOWN =
      HepProgram.builder().addRuleInstance(FilterIntoScanRule.INSTANCE).build();

  private static final List<RelOptRule> PHYSICAL =
      List.of(
          FilterToCalcRule.Config.DEFAULT.toRule(),
          ProjectToCalcRule.Config.DEFAULT.toRule(),
          CalcMergeRule.Config.DEFAULT.toRule(),
          FilterCalcMergeRule.Config.DEFAULT.toRule(),
          ProjectCalcMergeRule.Config.DEFAULT.toRule(),
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
          Bindables.BINDABLE_TABLE_SCAN_RULE, // the rows so far of a recursive query
          EnumerableRules.TO_INTERPRETER,
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
