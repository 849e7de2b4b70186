package io.larder.tables;

import io.larder.tables.internal.shape.RowClass;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How rows of each stored type become what is expected at one place, worked out once for each type number.
 * Thread-safe: plans are equal whoever makes them, so a lost race costs a second making.
 */
final class RowPlans {
  private static final int NUMBERS_MAX = 4096;

  private final Class<?> expected;
  private volatile @Nullable RowPlan[] plans = new @Nullable RowPlan[8];

  RowPlans(Class<?> expected) {
    this.expected = expected;
  }

  /** Returns the class that values at this place should be of. */
  Class<?> expected() {
    return expected;
  }

  RowPlan plan(long number, ValueReader reader) {
    @Nullable RowPlan[] known = plans;
    if (number >= 0 && number < known.length) {
      RowPlan plan = known[(int) number];
      if (plan != null) {
        return plan;
      }
    }
    RowPlan made = make(reader.dictionary().typeOf(number), reader);
    if (number < NUMBERS_MAX) {
      remember((int) number, made);
    }
    return made;
  }

  private synchronized void remember(int number, RowPlan plan) {
    @Nullable RowPlan[] changed =
        Arrays.copyOf(plans, Math.max(plans.length, Integer.highestOneBit(number) << 1));
    changed[number] = plan;
    plans = changed;
  }

  private RowPlan make(RowType type, ValueReader reader) {
    Class<?> target = targetClass(type, reader);
    Optional<RowClass> rowClass = target == null ? Optional.empty() : RowClass.find(target);
    if (rowClass.isEmpty()) {
      return RowPlan.ofRow(type, reader);
    }
    return RowPlan.ofClass(type, rowClass.get(), reader);
  }

  private @Nullable Class<?> targetClass(RowType type, ValueReader reader) {
    String className = type.className();
    if (expected == Row.class) {
      return null;
    }
    return className == null ? expected : reader.classes().find(className, expected);
  }

  /**
   * How rows of one type become a {@link Row} or an object.
   *
   * @param type the stored type
   * @param rowClass the class of the objects, null for a row
   * @param targets for each stored field the field of the class, -1 = none
   * @param fields for each field of the class what is expected there; for a row, one for each stored field
   * @param template the values where nothing is stored
   * @param present which fields of the class are stored
   */
  @SuppressWarnings("ArrayRecordComponent") // a plan on the hot path; compared by nobody
  record RowPlan(
      RowType type,
      @Nullable RowClass rowClass,
      int[] targets,
      FieldPlan[] fields,
      @Nullable Object[] template,
      boolean[] present) {

    private static RowPlan ofRow(RowType type, ValueReader reader) {
      int size = type.fieldNames().size();
      FieldPlan any = new FieldPlan(Object.class, Object.class, reader.plans(Object.class));
      FieldPlan[] fields = new FieldPlan[size];
      Arrays.fill(fields, any);
      return new RowPlan(
          type, null, new int[0], fields, new @Nullable Object[size], new boolean[0]);
    }

    private static RowPlan ofClass(RowType type, RowClass rowClass, ValueReader reader) {
      int size = rowClass.size();
      FieldPlan[] fields = new FieldPlan[size];
      @Nullable Object[] template = new @Nullable Object[size];
      for (int i = 0; i < size; i++) {
        Class<?> boxed = Coercions.boxed(rowClass.fieldType(i));
        fields[i] = new FieldPlan(rowClass.fieldType(i), boxed, reader.plans(boxed));
        template[i] = Coercions.zero(rowClass.fieldType(i));
      }
      int[] targets = new int[type.fieldNames().size()];
      boolean[] present = new boolean[size];
      for (int i = 0; i < targets.length; i++) {
        targets[i] = indexOf(rowClass.names(), type.fieldNames().get(i));
        if (targets[i] >= 0) {
          present[targets[i]] = true;
        }
      }
      return new RowPlan(type, rowClass, targets, fields, template, present);
    }
  }

  /**
   * A field of a class, and what is expected in it.
   *
   * @param type the declared type
   * @param boxed the same, boxed
   * @param plans how rows in it are read
   */
  record FieldPlan(Class<?> type, Class<?> boxed, RowPlans plans) {}

  /** Returns the position of a name, or else of the only one that differs in case alone, or -1. */
  static int indexOf(List<String> names, String name) {
    int exact = names.indexOf(name);
    if (exact >= 0) {
      return exact;
    }
    int found = -1;
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }
}
