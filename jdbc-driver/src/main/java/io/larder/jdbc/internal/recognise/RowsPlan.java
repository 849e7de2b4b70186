package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.Operand;
import io.larder.jdbc.internal.access.TableScan;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.QueryPlan;
import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table.
 *
 * @param scan where they come from
 * @param columns what the caller sees
 * @param parameters the parameters
 * @param limit how many rows at most, null = all
 * @param offset how many rows to leave out first, null = none
 */
record RowsPlan(
    TableScan scan,
    List<ResultColumn> columns,
    List<ParameterInfo> parameters,
    @Nullable Operand limit,
    @Nullable Operand offset)
    implements QueryPlan {

  @Override
  public List<String> explain() {
    String text = scan.describe();
    if (limit != null) {
      text += " LIMIT " + limit;
    }
    return List.of(offset == null ? text : text + " OFFSET " + offset);
  }

  @Override
  public boolean holdsResources() {
    return !scan.access().isPoint();
  }

  @Override
  public RowCursor open(Execution execution) {
    long most = count(limit, Long.MAX_VALUE, execution);
    long skip = count(offset, 0, execution);
    Session session = execution.session();
    if (scan.access().isPoint()) {
      RowCursor rows = scan.open(session.reader(), execution.parameters(), execution.stop());
      return most == Long.MAX_VALUE && skip == 0 ? rows : new WindowCursor(rows, null, skip, most);
    }
    Session.ReadView view = session.openView();
    try {
      RowCursor rows = scan.open(view.reader(), execution.parameters(), execution.stop());
      return new WindowCursor(rows, view, skip, most);
    } catch (RuntimeException | Error e) {
      view.close();
      throw e;
    }
  }

  private static long count(@Nullable Operand operand, long otherwise, Execution execution) {
    if (operand == null) {
      return otherwise;
    }
    Object value = operand.value(execution.parameters());
    long count = value == null ? otherwise : (Long) value;
    if (count < 0) {
      throw new StatementException(
          SqlState.INVALID_ARGUMENT, "found " + count + " in LIMIT or OFFSET, expected 0 or more");
    }
    return count;
  }

  /** Leaves rows out at both ends, and closes what the rows are read from. */
  private static final class WindowCursor implements RowCursor {
    private final RowCursor rows;
    private final Session.@Nullable ReadView view;
    private long toSkip;
    private long toReturn;

    WindowCursor(RowCursor rows, Session.@Nullable ReadView view, long toSkip, long toReturn) {
      this.rows = rows;
      this.view = view;
      this.toSkip = toSkip;
      this.toReturn = toReturn;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      if (toReturn <= 0) {
        return null;
      }
      for (; toSkip > 0; toSkip--) {
        if (rows.next() == null) {
          return null;
        }
      }
      toReturn--;
      return rows.next();
    }

    @Override
    public void close() {
      rows.close();
      if (view != null) {
        view.close();
      }
    }
  }
}
