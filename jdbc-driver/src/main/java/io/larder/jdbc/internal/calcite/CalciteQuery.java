package io.larder.jdbc.internal.calcite;

import io.larder.engine.api.Reader;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.QueryPlan;
import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.Session;
import io.larder.jdbc.internal.plan.StopSignal;
import io.larder.tables.DataType;
import java.util.List;
import java.util.Map;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.runtime.Bindable;
import org.jspecify.annotations.Nullable;

/**
 * A query compiled to byte code. Stateless and thread-safe: everything an execution needs comes with its
 * context.
 *
 * @param bindable the generated code
 * @param arrays whether its rows are arrays, not the bare value of the only column
 * @param stashed the objects the code asks for by name
 * @param types the factory of types
 * @param columns the columns of the result
 * @param parameters the parameters
 * @param explain the plan as text
 */
record CalciteQuery(
    Bindable<?> bindable,
    boolean arrays,
    Map<String, Object> stashed,
    LarderTypeFactory types,
    List<ResultColumn> columns,
    List<ParameterInfo> parameters,
    List<String> explain)
    implements QueryPlan {

  @Override
  public RowCursor open(Execution execution) {
    Session.ReadView view = execution.session().openView();
    try {
      RowCursor rows = open(execution, view.reader(), execution.parameters());
      return new Owned(rows, view);
    } catch (RuntimeException | Error e) {
      view.close();
      throw e;
    }
  }

  /** Opens the rows a reader sees; closing them does not close the reader. */
  RowCursor open(Execution execution, Reader reader, @Nullable Object[] values) {
    @Nullable Object[] converted = new Object[values.length];
    for (int i = 0; i < parameters.size(); i++) {
      DataType type = parameters.get(i).type();
      converted[i] = TypeMapping.toInternal(type, type.convert(values[i]));
    }
    long now = execution.session().store().database().expiryTimeMillis();
    ExecutionContext context =
        new ExecutionContext(reader, values, converted, execution.stop(), stashed, types, now);
    try {
      return new Rows(bindable.bind(context).enumerator(), context, execution.stop());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      context.close();
      throw failure(e);
    }
  }

  /** Constant expressions are computed while the code's class is initialised, and fail so. */
  private static RuntimeException failure(Throwable e) {
    if (e instanceof RuntimeException known) {
      return known;
    }
    return CalciteErrors.ofPlanning(e);
  }

  private record Owned(RowCursor rows, Session.ReadView view) implements RowCursor {
    @Override
    public @Nullable Object @Nullable [] next() {
      return rows.next();
    }

    @Override
    public void close() {
      try {
        rows.close();
      } finally {
        view.close();
      }
    }
  }

  private final class Rows implements RowCursor {
    private final Enumerator<?> enumerator;
    private final ExecutionContext context;
    private final StopSignal stop;

    Rows(Enumerator<?> enumerator, ExecutionContext context, StopSignal stop) {
      this.enumerator = enumerator;
      this.context = context;
      this.stop = stop;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      stop.check();
      try {
        if (!enumerator.moveNext()) {
          return null;
        }
      } catch (LinkageError | StackOverflowError e) {
        throw failure(e);
      }
      Object current = enumerator.current();
      @Nullable Object[] values =
          arrays && current instanceof Object[] array ? array : new Object[] {current};
      @Nullable Object[] row = new Object[columns.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = TypeMapping.fromInternal(columns.get(i).type(), values[i]);
      }
      return row;
    }

    @Override
    public void close() {
      try {
        enumerator.close();
      } finally {
        context.close();
      }
    }
  }
}
