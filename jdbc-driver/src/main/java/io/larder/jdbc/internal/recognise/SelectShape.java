package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.AccessChoice;
import io.larder.jdbc.internal.access.Condition;
import io.larder.jdbc.internal.access.Operand;
import io.larder.jdbc.internal.access.TableScan;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.access.TableViews;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.jdbc.internal.token.TokenKind;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code SELECT columns FROM table [WHERE ..] [ORDER BY key columns] [LIMIT n] [OFFSET n]}. */
final class SelectShape extends Shape {

  /**
   * An element of the select list, before the table is known.
   *
   * @param qualifier the name in front of the point, or null
   * @param name the column, or null for the star
   * @param alias the label, or null
   */
  private record Item(@Nullable String qualifier, @Nullable String name, @Nullable String alias) {}

  private final List<Item> items = new ArrayList<>();
  private boolean countOnly;
  private String countLabel = "";

  SelectShape(TableViews tables, Tokenizer tokens) {
    super(tables, tokens);
  }

  Plan parse() {
    selectList();
    expect("FROM");
    TableView view = table();
    String alias = alias();
    List<Condition> conditions = where(view, alias);
    AccessChoice choice = AccessChoice.choose(view, conditions);
    boolean descending = orderBy(view, alias, conditions);
    Operand limit = null;
    Operand offset = null;
    if (tokens.accept("LIMIT")) {
      limit = operand(DataType.BIGINT);
    }
    if (tokens.accept("OFFSET")) {
      offset = operand(DataType.BIGINT);
      if (tokens.accept("ROWS") || tokens.accept("ROW")) {
        throw unknown();
      }
    }
    expectEnd();
    return countOnly
        ? countPlan(view, choice, limit, offset)
        : rowsPlan(view, alias, choice, descending, new Window(limit, offset));
  }

  private record Window(@Nullable Operand limit, @Nullable Operand offset) {}

  private Plan countPlan(
      TableView view, AccessChoice choice, @Nullable Operand limit, @Nullable Operand offset) {
    if (limit != null || offset != null) {
      throw unknown();
    }
    TableScan scan = new TableScan(view, choice, new int[0], false, false);
    return new CountPlan(scan, countLabel, List.copyOf(parameters));
  }

  private Plan rowsPlan(
      TableView view,
      @Nullable String alias,
      AccessChoice choice,
      boolean descending,
      Window window) {
    List<ResultColumn> columns = new ArrayList<>();
    List<Integer> wanted = new ArrayList<>();
    for (Item item : items) {
      requireQualifier(item.qualifier, view, alias);
      if (item.name == null) {
        for (int i = 0; i < view.columns().size(); i++) {
          wanted.add(i);
          columns.add(view.resultColumn(i, null));
        }
      } else {
        int column = named(view, item.name);
        wanted.add(column);
        columns.add(view.resultColumn(column, item.alias == null ? item.name : item.alias));
      }
    }
    int[] positions = new int[wanted.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = wanted.get(i);
    }
    TableScan scan = new TableScan(view, choice, positions, descending, false);
    return new RowsPlan(
        scan, List.copyOf(columns), List.copyOf(parameters), window.limit, window.offset);
  }

  private static void requireQualifier(
      @Nullable String qualifier, TableView view, @Nullable String alias) {
    if (qualifier != null && !qualifier.equalsIgnoreCase(alias == null ? view.name() : alias)) {
      throw unknown();
    }
  }

  private void selectList() {
    if (tokens.is("COUNT")) {
      count();
      return;
    }
    do {
      items.add(item());
    } while (tokens.acceptSymbol(","));
  }

  private void count() {
    tokens.advance();
    expectSymbol("(");
    expectSymbol("*");
    expectSymbol(")");
    countOnly = true;
    countLabel = tokens.accept("AS") ? name() : "EXPR$0";
  }

  private Item item() {
    if (tokens.acceptSymbol("*")) {
      return new Item(null, null, null);
    }
    String first = name();
    String qualifier = null;
    if (tokens.acceptSymbol(".")) {
      qualifier = first;
      if (tokens.acceptSymbol("*")) {
        return new Item(qualifier, null, null);
      }
      first = name();
    }
    String alias = null;
    if (tokens.accept("AS")) {
      alias = name();
    } else if (atName()) {
      alias = name();
    }
    return new Item(qualifier, first, alias);
  }

  private @Nullable String alias() {
    if (tokens.accept("AS")) {
      return name();
    }
    return atName() ? name() : null;
  }

  /** Parses ORDER BY if the order of the key satisfies it, and returns whether it runs backwards. */
  private boolean orderBy(TableView view, @Nullable String alias, List<Condition> conditions) {
    if (!tokens.accept("ORDER")) {
      return false;
    }
    expect("BY");
    int expected = 0;
    Boolean descending = null;
    do {
      if (tokens.kind() == TokenKind.INTEGER || tokens.kind() == TokenKind.PARAMETER) {
        throw unknown();
      }
      int column = orderColumn(view, alias);
      boolean down = tokens.accept("DESC");
      if (!down) {
        tokens.accept("ASC");
      }
      if (tokens.is("NULLS")) {
        throw unknown();
      }
      if (isFixed(column, conditions)) {
        continue;
      }
      while (expected < view.keyCount() && expected != column && isFixed(expected, conditions)) {
        expected++;
      }
      boolean inOrder = expected == column && column < view.keyCount();
      if (!inOrder || (descending != null && descending != down)) {
        throw unknown();
      }
      expected++;
      descending = down;
    } while (tokens.acceptSymbol(","));
    return Boolean.TRUE.equals(descending);
  }

  /** An alias of the select list hides a column of that name; such statements are not ours. */
  private int orderColumn(TableView view, @Nullable String alias) {
    int column = column(view, alias);
    String name = view.columns().get(column).name().toLowerCase(Locale.ROOT);
    for (Item item : items) {
      if (item.alias != null
          && item.alias.toLowerCase(Locale.ROOT).equals(name)
          && item.name != null
          && view.find(item.name) != column) {
        throw unknown();
      }
    }
    return column;
  }

  private static boolean isFixed(int column, List<Condition> conditions) {
    for (Condition condition : conditions) {
      if (condition.column() == column && condition.test() == Condition.Test.EQUAL) {
        return true;
      }
    }
    return false;
  }
}
