package io.larder.jdbc.internal.calcite;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;

/** A plan as text: one line an operator, inputs indented, scans with their access path. */
final class Explanation {
  private static final String INDENT = "  ";
  private static final String PREFIX = "Enumerable";

  private Explanation() {}

  static List<String> of(RelNode root) {
    List<String> lines = new ArrayList<>();
    add(root, "", lines);
    return List.copyOf(lines);
  }

  private static void add(RelNode node, String indent, List<String> lines) {
    if (node instanceof LarderScan scan) {
      lines.add(indent + scan.describe());
      return;
    }
    String name = node.getRelTypeName();
    String shortName = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    lines.add(indent + shortName.toUpperCase(java.util.Locale.ROOT) + details(node));
    for (RelNode input : node.getInputs()) {
      add(input, indent + INDENT, lines);
    }
  }

  /** Returns what Calcite's digest says beyond the name and the inputs. */
  private static String details(RelNode node) {
    String digest = node.getDigest();
    int open = digest.indexOf('(');
    if (open < 0) {
      return "";
    }
    String inside = digest.substring(open + 1, digest.length() - 1);
    int comma = inside.lastIndexOf("input=");
    int from = comma < 0 ? 0 : inside.indexOf(',', comma);
    return from < 0 || inside.isEmpty() ? "" : " " + inside.substring(from == 0 ? 0 : from + 1);
  }
}
