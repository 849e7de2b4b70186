package io.larder.jdbc.internal.calcite;

import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/** Moves into a scan the conditions it can test itself. */
@SuppressWarnings("deprecation") // the new way to write rules needs an annotation processor
final class FilterIntoScanRule extends RelOptRule {
  static final FilterIntoScanRule INSTANCE = new FilterIntoScanRule();

  private FilterIntoScanRule() {
    super(operand(LogicalFilter.class, operand(LarderScan.class, none())));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    LarderScan scan = call.rel(1);
    RexBuilder builder = filter.getCluster().getRexBuilder();
    RexNode condition = RexUtil.expandSearch(builder, null, filter.getCondition());
    ConditionTranslator split =
        ConditionTranslator.split(scan, RexUtil.flatten(builder, condition));
    if (split.conditions().isEmpty()) {
      return;
    }
    RelNode narrowed = scan.withConditions(split.conditions());
    call.transformTo(
        split.remaining().isEmpty()
            ? narrowed
            : LogicalFilter.create(
                narrowed, RexUtil.composeConjunction(builder, split.remaining())));
  }
}
