package io.larder.jdbc;

import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.result.LarderResultSet;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Result sets over rows that are in memory already. */
final class ListResult {
  private ListResult() {}

  static ResultSet of(List<ResultColumn> columns, List<@Nullable Object[]> rows) {
    Iterator<@Nullable Object[]> iterator = rows.iterator();
    RowCursor cursor =
        new RowCursor() {
          @Override
          public @Nullable Object @Nullable [] next() {
            return iterator.hasNext() ? iterator.next() : null;
          }

          @Override
          public void close() {}
        };
    LarderResultSet.Owner nobody =
        new LarderResultSet.Owner() {
          @Override
          public @Nullable Statement statement() {
            return null;
          }

          @Override
          public void closed(LarderResultSet result) {}
        };
    return new LarderResultSet(columns, cursor, nobody, 0);
  }
}
