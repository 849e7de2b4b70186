package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableScan;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.tables.DataType;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/** What the code Calcite generates calls to read a table. Public for that code alone. Immutable. */
public final class ScanSource {
  private final TableScan scan;
  private final DataType[] types;
  private final boolean scalar;

  /**
   * Creates a source.
   *
   * @param types the types of the columns the scan gives, the raw key included
   * @param scalar whether rows of one column are given as the bare value
   */
  ScanSource(TableScan scan, DataType[] types, boolean scalar) {
    this.scan = scan;
    this.types = types;
    this.scalar = scalar;
  }

  /** Returns the rows one execution sees. */
  public Enumerable<Object> rows(DataContext context) {
    ExecutionContext execution = (ExecutionContext) context;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return new Rows(execution.open(scan));
      }
    };
  }

  private final class Rows implements Enumerator<Object> {
    private final RowCursor cursor;
    private @Nullable Object current;

    Rows(RowCursor cursor) {
      this.cursor = cursor;
    }

    @Override
    @SuppressWarnings("NullAway") // a bare value may be null; linq4j knows no such annotation
    public Object current() {
      return current;
    }

    @Override
    public boolean moveNext() {
      @Nullable Object[] row = cursor.next();
      if (row == null) {
        current = null;
        return false;
      }
      for (int i = 0; i < types.length; i++) {
        row[i] = TypeMapping.toInternal(types[i], row[i]);
      }
      current = scalar ? row[0] : row;
      return true;
    }

    @Override
    public void reset() {
      throw new UnsupportedOperationException("reset");
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
