package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableView;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelShuttleImpl;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Takes sorts away where the order of the key gives what they ask for, turning the scan if need be. */
final class KeyOrder extends RelShuttleImpl {

  @Override
  public RelNode visit(LogicalSort sort) {
    RelNode visited = super.visit(sort);
    if (!(visited instanceof LogicalSort same)
        || same.getCollation().getFieldCollations().isEmpty()) {
      return visited;
    }
    RelNode ordered = ordered(same.getInput(), same.getCollation().getFieldCollations());
    if (ordered == null) {
      return same;
    }
    return same.offset == null && same.fetch == null
        ? ordered
        : LogicalSort.create(ordered, RelCollations.EMPTY, same.offset, same.fetch);
  }

  private static @Nullable RelNode ordered(RelNode node, List<RelFieldCollation> order) {
    if (node instanceof Project project) {
      List<RelFieldCollation> below = new ArrayList<>();
      for (RelFieldCollation field : order) {
        RexNode expression = project.getProjects().get(field.getFieldIndex());
        if (!(expression instanceof RexInputRef input)) {
          return null;
        }
        below.add(field.withFieldIndex(input.getIndex()));
      }
      return over(project, ordered(project.getInput(), below));
    }
    if (node instanceof Filter filter) {
      return over(filter, ordered(filter.getInput(), order));
    }
    return node instanceof LarderScan scan ? turned(scan, order) : null;
  }

  private static @Nullable RelNode over(RelNode node, @Nullable RelNode input) {
    return input == null ? null : node.copy(node.getTraitSet(), List.of(input));
  }

  private static @Nullable RelNode turned(LarderScan scan, List<RelFieldCollation> order) {
    TableView view = scan.view();
    int fixed = scan.choice().access().equalCount();
    int expected = fixed;
    Boolean descending = null;
    for (RelFieldCollation field : order) {
      int column = scan.column(field.getFieldIndex());
      if (column >= 0 && column < fixed) {
        continue;
      }
      boolean down = field.direction == RelFieldCollation.Direction.DESCENDING;
      boolean plain = down || field.direction == RelFieldCollation.Direction.ASCENDING;
      boolean next = column == expected && column < view.keyCount();
      if (!plain
          || !next
          || !sortsAlike(view, column)
          || (descending != null && descending != down)) {
        return null;
      }
      descending = down;
      expected++;
    }
    return scan.withDirection(Boolean.TRUE.equals(descending));
  }

  /** Untyped keys sort by type first, which is not what SQL means. */
  private static boolean sortsAlike(TableView view, int column) {
    return switch (view.type(column)) {
      case LIST, MAP, ANY -> false;
      default -> true;
    };
  }
}
