package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.AccessChoice;
import io.larder.jdbc.internal.access.Operand;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.access.TableViews;
import io.larder.jdbc.internal.change.RowBuilder;
import io.larder.jdbc.internal.change.RowChanges;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code UPDATE table SET column = value, .. [WHERE ..]} with literals and parameters. */
final class UpdateShape extends Shape {

  UpdateShape(TableViews tables, Tokenizer tokens) {
    super(tables, tokens);
  }

  Plan parse() {
    TableView view = table();
    expect("SET");
    List<Integer> columns = new ArrayList<>();
    List<Operand> values = new ArrayList<>();
    do {
      int column = column(view, null);
      if (columns.contains(column)) {
        throw unknown();
      }
      expectSymbol("=");
      columns.add(column);
      values.add(operand(view.type(column)));
    } while (tokens.acceptSymbol(","));
    AccessChoice choice = AccessChoice.choose(view, where(view, null));
    expectEnd();
    RowBuilder builder = new RowBuilder(view);
    int[] assigned = columns.stream().mapToInt(Integer::intValue).toArray();
    ChangePlan.Evaluation evaluation =
        parameters -> {
          @Nullable Object[] given = new Object[assigned.length];
          for (int i = 0; i < given.length; i++) {
            given[i] = values.get(i).value(parameters);
          }
          return (existing, found) -> builder.change(existing, assigned, given);
        };
    return new ChangePlan(
        "UPDATE", view, new RowChanges(view), choice, evaluation, List.copyOf(parameters));
  }
}
