package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.tables.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** What the compilers of INSERT, UPDATE and DELETE share. */
final class Targets {
  private static final SqlParserPos NOWHERE = SqlParserPos.ZERO;

  private Targets() {}

  /** Returns the table a statement changes. */
  static TableView table(Store store, SqlNode target) {
    if (!(target instanceof SqlIdentifier identifier)) {
      throw new StatementException(
          SqlState.NOT_SUPPORTED, "only tables can be changed, found " + target);
    }
    List<String> names = identifier.names;
    boolean known =
        names.size() == 1
            || (names.size() == 2 && names.get(0).toUpperCase(Locale.ROOT).equals("PUBLIC"));
    String name = names.get(names.size() - 1);
    return store
        .findTableIgnoringCase(name)
        .filter(table -> known)
        .map(TableView::new)
        .orElseThrow(
            () -> new StatementException(SqlState.NO_SUCH_TABLE, "no table " + identifier));
  }

  /** Returns the column of a name. */
  static int column(TableView view, SqlNode node) {
    String name =
        node instanceof SqlIdentifier identifier
            ? identifier.names.get(identifier.names.size() - 1)
            : node.toString();
    int column = view.find(name);
    if (column < 0) {
      throw new StatementException(
          SqlState.NO_SUCH_COLUMN,
          "no column " + name + " in table " + view.name() + ", expected one of " + names(view));
    }
    return column;
  }

  private static List<String> names(TableView view) {
    return view.columns().stream().map(io.larder.tables.Column::name).toList();
  }

  /** Returns the query for expressions over the rows of a table a condition holds for, raw key last. */
  static SqlSelect rows(
      TableView view,
      @Nullable SqlIdentifier alias,
      List<SqlNode> expressions,
      @Nullable SqlNode condition) {
    String name = alias == null ? view.name() : alias.getSimple();
    SqlNode table =
        SqlStdOperatorTable.AS.createCall(
            NOWHERE,
            new SqlIdentifier(List.of(QueryCompiler.KEYED_SCHEMA, view.name()), NOWHERE),
            new SqlIdentifier(name, NOWHERE));
    List<SqlNode> wanted = new ArrayList<>(expressions);
    wanted.add(new SqlIdentifier(List.of(name, LarderTable.RAW_KEY), NOWHERE));
    return new SqlSelect(
        NOWHERE,
        null,
        new SqlNodeList(wanted, NOWHERE),
        table,
        condition,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Gives a bare parameter a type, for nothing around it does: any value, which the column converts. */
  static SqlNode typed(SqlNode expression) {
    if (!(expression instanceof SqlDynamicParam)) {
      return expression;
    }
    SqlDataTypeSpec any =
        new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.ANY, NOWHERE), NOWHERE);
    return SqlStdOperatorTable.CAST.createCall(expression.getParserPosition(), expression, any);
  }

  /** Gives the bare parameters of a select list a type. */
  static void typeSelectList(SqlNode query) {
    if (query instanceof SqlSelect select) {
      SqlNodeList list = select.getSelectList();
      for (int i = 0; i < list.size(); i++) {
        list.set(i, typed(list.get(i)));
      }
    }
  }

  /** Returns how many parameters a statement has. */
  static int countParameters(SqlNode statement) {
    int[] count = {0};
    statement.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            count[0] = Math.max(count[0], parameter.getIndex() + 1);
            return null;
          }
        });
    return count[0];
  }

  /** Returns whether an expression is the word DEFAULT. */
  static boolean isDefault(SqlNode expression) {
    return expression.getKind() == SqlKind.DEFAULT;
  }
}
