package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.change.RowChanges;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.UpdatePlan;
import io.larder.tables.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes or deletes the rows a query finds by their raw key, its last column. */
final class ComputedChange implements UpdatePlan {

  /** Computes a changed row. */
  @FunctionalInterface
  interface Change {
    @Nullable Object @Nullable [] apply(
        @Nullable Object[] existing, @Nullable Object[] found, long nowMillis);
  }

  private final String verb;
  private final TableView view;
  private final RowChanges changes;
  private final CalciteQuery query;
  private final List<ParameterInfo> parameters;
  private final Change change;

  ComputedChange(
      String verb, TableView view, CalciteQuery query, int parameterCount, Change change) {
    this.verb = verb;
    this.view = view;
    this.changes = new RowChanges(view);
    this.query = query;
    this.change = change;
    this.parameters = complete(query.parameters(), parameterCount);
  }

  /** Returns the parameters of a query, those of the statement that are not in it included. */
  static List<ParameterInfo> complete(List<ParameterInfo> known, int count) {
    List<ParameterInfo> all = new ArrayList<>(known);
    while (all.size() < count) {
      all.add(new ParameterInfo(DataType.ANY));
    }
    return List.copyOf(all.subList(0, Math.max(count, 0)));
  }

  @Override
  public List<ParameterInfo> parameters() {
    return parameters;
  }

  @Override
  public List<String> explain() {
    List<String> lines = new ArrayList<>();
    lines.add(verb + " " + view.name());
    query.explain().forEach(line -> lines.add("  " + line));
    return lines;
  }

  @Override
  public long run(Execution execution) {
    long now = execution.session().store().database().expiryTimeMillis();
    return changes.changeAll(
        execution,
        reader -> query.open(execution, reader, execution.parameters()),
        (existing, found) -> change.apply(existing, found, now));
  }
}
