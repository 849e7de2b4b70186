package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.Operand;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.access.TableViews;
import io.larder.jdbc.internal.change.RowBuilder;
import io.larder.jdbc.internal.change.RowChanges;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.UpdatePlan;
import io.larder.jdbc.internal.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code INSERT|UPSERT INTO table [(columns)] VALUES (..), ..} with literals and parameters. */
final class InsertShape extends Shape {

  InsertShape(TableViews tables, Tokenizer tokens) {
    super(tables, tokens);
  }

  Plan parse() {
    RowChanges.OnDuplicate mode =
        tokens.is("UPSERT") ? RowChanges.OnDuplicate.REPLACE : RowChanges.OnDuplicate.FAIL;
    tokens.advance();
    expect("INTO");
    TableView view = table();
    int[] assigned = tokens.acceptSymbol("(") ? columns(view) : null;
    expect("VALUES");
    List<List<Operand>> rows = new ArrayList<>();
    do {
      expectSymbol("(");
      if (assigned == null) {
        assigned = leadingColumns(view, countValues());
      }
      rows.add(values(view, assigned));
    } while (tokens.acceptSymbol(","));
    expectEnd();
    return new InsertPlan(
        view,
        new RowBuilder(view),
        new RowChanges(view),
        assigned,
        List.copyOf(rows),
        mode,
        List.copyOf(parameters));
  }

  private int[] columns(TableView view) {
    List<Integer> columns = new ArrayList<>();
    do {
      int column = named(view, name());
      if (columns.contains(column)) {
        throw unknown();
      }
      columns.add(column);
    } while (tokens.acceptSymbol(","));
    expectSymbol(")");
    return columns.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Returns how many values follow up to the closing bracket, looking ahead on a copy. */
  private int countValues() {
    Tokenizer ahead = new Tokenizer(tokens.rest());
    int count = 1;
    while (!ahead.isSymbol(")")) {
      if (ahead.acceptEnd() || ahead.isSymbol("(")) {
        throw unknown();
      }
      if (ahead.isSymbol(",")) {
        count++;
      }
      ahead.advance();
    }
    return count;
  }

  /** Without a list of columns all are given, {@code expires_at} or not. */
  private static int[] leadingColumns(TableView view, int count) {
    int all = view.columns().size();
    if (count != all && count != all - 1) {
      throw unknown();
    }
    int[] columns = new int[count];
    for (int i = 0; i < count; i++) {
      columns[i] = i;
    }
    return columns;
  }

  private List<Operand> values(TableView view, int[] assigned) {
    List<Operand> values = new ArrayList<>(assigned.length);
    for (int i = 0; i < assigned.length; i++) {
      if (i > 0) {
        expectSymbol(",");
      }
      values.add(operand(view.type(assigned[i])));
    }
    expectSymbol(")");
    return List.copyOf(values);
  }

  @SuppressWarnings("ArrayRecordComponent") // private to this file; compared by nobody
  private record InsertPlan(
      TableView view,
      RowBuilder builder,
      RowChanges changes,
      int[] assigned,
      List<List<Operand>> rows,
      RowChanges.OnDuplicate mode,
      List<ParameterInfo> parameters)
      implements UpdatePlan {

    @Override
    public List<String> explain() {
      return List.of(
          (mode == RowChanges.OnDuplicate.REPLACE ? "UPSERT " : "INSERT ")
              + view.name()
              + ": "
              + rows.size()
              + (rows.size() == 1 ? " row" : " rows"));
    }

    @Override
    public long run(Execution execution) {
      long now = execution.session().store().database().expiryTimeMillis();
      List<@Nullable Object[]> built = new ArrayList<>(rows.size());
      for (List<Operand> row : rows) {
        @Nullable Object[] values = new Object[assigned.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = row.get(i).value(execution.parameters());
        }
        built.add(builder.build(assigned, values, now));
      }
      return changes.insert(execution, built, mode);
    }
  }
}
