package io.larder.jdbc.internal.access;

import io.larder.engine.api.Reader;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.StopSignal;
import io.larder.tables.RowReader;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A walk over a table that can be opened many times: access path, conditions, the columns wanted.
 * Immutable. Rows hold the wanted columns first; what follows them in the array is scratch, except that the
 * raw key, if the scan was asked for it, comes right after them and is the last element too.
 */
public final class TableScan {
  private final TableView view;
  private final KeyAccess access;
  private final List<Condition> conditions;
  private final int wantedCount;
  private final int[] decoded;
  private final int[] tested;
  private final boolean descending;
  private final boolean withKey;

  /** Creates a scan. */
  public TableScan(
      TableView view, AccessChoice choice, int[] wanted, boolean descending, boolean withKey) {
    this.view = view;
    this.access = choice.access();
    this.conditions = choice.remaining();
    this.wantedCount = wanted.length;
    this.descending = descending;
    this.withKey = withKey;
    int[] columns = Arrays.copyOf(wanted, wanted.length + conditions.size());
    int count = wanted.length;
    this.tested = new int[conditions.size()];
    for (int i = 0; i < tested.length; i++) {
      int column = conditions.get(i).column();
      int at = 0;
      while (at < count && columns[at] != column) {
        at++;
      }
      if (at == count) {
        columns[count++] = column;
      }
      tested[i] = at;
    }
    this.decoded = Arrays.copyOf(columns, count);
  }

  /** Returns the table. */
  public TableView view() {
    return view;
  }

  /** Returns the access path. */
  public KeyAccess access() {
    return access;
  }

  /** Returns the number of columns wanted. */
  public int wantedCount() {
    return wantedCount;
  }

  /** Returns what EXPLAIN shows. */
  public String describe() {
    StringBuilder text = new StringBuilder(view.name()).append(": ").append(access.describe());
    if (descending) {
      text.append(" DESCENDING");
    }
    for (int i = 0; i < conditions.size(); i++) {
      Condition condition = conditions.get(i);
      text.append(i == 0 ? " FILTER " : " AND ")
          .append(view.columns().get(condition.column()).name())
          .append(' ')
          .append(condition.test().text());
      if (condition.operands().size() == 1) {
        text.append(' ').append(condition.operands().get(0));
      } else if (!condition.operands().isEmpty()) {
        text.append(' ').append(condition.operands());
      }
    }
    return text.toString();
  }

  /** Opens the rows; closing them does not close the reader. */
  public RowCursor open(Reader reader, @Nullable Object[] parameters, StopSignal stop) {
    Condition.Bound[] bound = new Condition.Bound[conditions.size()];
    for (int i = 0; i < bound.length; i++) {
      bound[i] = conditions.get(i).bind(parameters);
    }
    return new Rows(access.open(reader, parameters, descending), bound, stop);
  }

  private final class Rows implements RowCursor {
    private final EntrySource source;
    private final RowReader reader;
    private final Condition.Bound[] bound;
    private final StopSignal stop;
    private @Nullable Object @Nullable [] rejected;

    Rows(EntrySource source, Condition.Bound[] bound, StopSignal stop) {
      this.source = source;
      this.reader = view.table().rows().reader(decoded);
      this.bound = bound;
      this.stop = stop;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      while (source.next()) {
        stop.check();
        @Nullable Object[] row =
            rejected != null ? rejected : new Object[decoded.length + (withKey ? 1 : 0)];
        rejected = row;
        if (decoded.length > 0) {
          source.read(reader, row);
        }
        if (passes(row)) {
          rejected = null;
          if (withKey) {
            byte[] key = source.key();
            row[wantedCount] = key;
            row[row.length - 1] = key;
          }
          return row;
        }
      }
      return null;
    }

    private boolean passes(@Nullable Object[] row) {
      for (int i = 0; i < bound.length; i++) {
        if (!bound[i].isTrue(row[tested[i]])) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
