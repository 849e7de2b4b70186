package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.change.RowBuilder;
import io.larder.jdbc.internal.change.RowChanges;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.tables.Store;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;

/**
 * Takes an INSERT apart: the query or VALUES for the new rows, and the rows put where their keys say. The
 * word DEFAULT becomes a parameter of its own, which each execution fills in.
 */
final class InsertCompiler {
  private final Store store;
  private final SqlInsert insert;
  private final boolean upsert;
  private final List<Integer> defaults = new ArrayList<>();
  private int parameterCount;

  InsertCompiler(Store store, SqlInsert insert, boolean upsert) {
    this.store = store;
    this.insert = insert;
    this.upsert = upsert;
  }

  Plan compile() {
    TableView view = Targets.table(store, insert.getTargetTable());
    parameterCount = Targets.countParameters(insert);
    int given = parameterCount;
    int[] assigned = named(view);
    SqlNode source = typedSource(view, assigned);
    CalciteQuery query = new QueryCompiler(store, false).compile(source);
    int width = query.columns().size();
    if (assigned == null) {
      assigned = leading(view, width);
    }
    if (assigned.length != width) {
      throw new StatementException(
          SqlState.SYNTAX,
          "found " + width + " values for " + assigned.length + " columns of " + view.name());
    }
    return new ComputedInsert(
        view,
        new RowBuilder(view),
        new RowChanges(view),
        assigned,
        query,
        List.copyOf(defaults),
        ComputedChange.complete(query.parameters(), given),
        upsert ? RowChanges.OnDuplicate.REPLACE : RowChanges.OnDuplicate.FAIL);
  }

  private int @org.jspecify.annotations.Nullable [] named(TableView view) {
    SqlNodeList names = insert.getTargetColumnList();
    if (names == null) {
      return null;
    }
    int[] columns = new int[names.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Targets.column(view, names.get(i));
      for (int before = 0; before < i; before++) {
        if (columns[before] == columns[i]) {
          throw new StatementException(
              SqlState.SYNTAX, "column " + names.get(i) + " is named twice");
        }
      }
    }
    return columns;
  }

  /** Without a list of columns all are given, {@code expires_at} or not. */
  private static int[] leading(TableView view, int width) {
    int all = view.columns().size();
    if (width != all && width != all - 1) {
      throw new StatementException(
          SqlState.SYNTAX,
          "found " + width + " values for the " + (all - 1) + " columns of " + view.name());
    }
    int[] columns = new int[width];
    for (int i = 0; i < width; i++) {
      columns[i] = i;
    }
    return columns;
  }

  /** Gives types to parameters that are values by themselves. */
  private SqlNode typedSource(TableView view, int @org.jspecify.annotations.Nullable [] assigned) {
    SqlNode source = insert.getSource();
    if (source.getKind() == SqlKind.VALUES) {
      for (SqlNode row : ((SqlCall) source).getOperandList()) {
        typeRow(view, assigned, row);
      }
    } else {
      Targets.typeSelectList(source);
    }
    return source;
  }

  private void typeRow(
      TableView view, int @org.jspecify.annotations.Nullable [] assigned, SqlNode row) {
    if (!(row instanceof SqlBasicCall values) || row.getKind() != SqlKind.ROW) {
      return;
    }
    for (int i = 0; i < values.operandCount(); i++) {
      SqlNode value = values.operand(i);
      if (Targets.isDefault(value)) {
        int column = assigned == null ? i : assigned[Math.min(i, assigned.length - 1)];
        defaults.add(Math.min(column, view.expiresColumn()));
        value = new SqlDynamicParam(parameterCount++, value.getParserPosition());
      }
      values.setOperand(i, Targets.typed(value));
    }
  }
}
