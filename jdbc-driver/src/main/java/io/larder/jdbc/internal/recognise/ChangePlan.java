package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.AccessChoice;
import io.larder.jdbc.internal.access.Condition;
import io.larder.jdbc.internal.access.TableScan;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.change.RowChanges;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.UpdatePlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes or deletes the rows an access path and conditions find. */
final class ChangePlan implements UpdatePlan {

  /** Computes the change of one execution. */
  @FunctionalInterface
  interface Evaluation {
    RowChanges.Change of(@Nullable Object[] parameters);
  }

  private final String verb;
  private final RowChanges changes;
  private final AccessChoice choice;
  private final TableScan scan;
  private final Evaluation evaluation;
  private final List<ParameterInfo> parameters;

  ChangePlan(
      String verb,
      TableView view,
      RowChanges changes,
      AccessChoice choice,
      Evaluation evaluation,
      List<ParameterInfo> parameters) {
    this.verb = verb;
    this.changes = changes;
    this.choice = choice;
    this.evaluation = evaluation;
    this.parameters = parameters;
    this.scan = new TableScan(view, choice, new int[0], false, true);
  }

  @Override
  public List<ParameterInfo> parameters() {
    return parameters;
  }

  @Override
  public List<String> explain() {
    return List.of(verb + " " + scan.describe());
  }

  @Override
  public long run(Execution execution) {
    @Nullable Object[] values = execution.parameters();
    RowChanges.Change change = evaluation.of(values);
    if (!choice.access().isPoint()) {
      return changes.changeAll(
          execution, reader -> scan.open(reader, values, execution.stop()), change);
    }
    List<Condition.Bound> tests = new ArrayList<>(choice.remaining().size());
    for (Condition condition : choice.remaining()) {
      tests.add(condition.bind(values));
    }
    return changes.changeOne(
        execution, choice.access().pointKey(values), row -> holds(tests, row), change);
  }

  private boolean holds(List<Condition.Bound> tests, @Nullable Object[] row) {
    for (int i = 0; i < tests.size(); i++) {
      if (!tests.get(i).isTrue(row[choice.remaining().get(i).column()])) {
        return false;
      }
    }
    return true;
  }
}
