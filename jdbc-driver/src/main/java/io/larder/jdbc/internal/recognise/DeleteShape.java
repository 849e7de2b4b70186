package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.AccessChoice;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.access.TableViews;
import io.larder.jdbc.internal.change.RowChanges;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.token.Tokenizer;
import java.util.List;

/** {@code DELETE FROM table [WHERE ..]}. */
final class DeleteShape extends Shape {

  DeleteShape(TableViews tables, Tokenizer tokens) {
    super(tables, tokens);
  }

  Plan parse() {
    expect("FROM");
    TableView view = table();
    AccessChoice choice = AccessChoice.choose(view, where(view, null));
    expectEnd();
    return new ChangePlan(
        "DELETE",
        view,
        new RowChanges(view),
        choice,
        parameters -> (existing, found) -> null,
        List.copyOf(parameters));
  }
}
