package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.AccessChoice;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.change.RowChanges;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.Store;
import java.util.List;

/** {@code DELETE FROM table [WHERE ..]}. */
final class DeleteShape extends Shape {

  DeleteShape(Store store, Tokenizer tokens) {
    super(store, tokens);
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
