package io.larder.jdbc.internal.calcite;

import io.larder.engine.api.Reader;
import io.larder.jdbc.internal.access.TableScan;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.StopSignal;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.jspecify.annotations.Nullable;

/**
 * What generated code knows of one execution: where to read, the parameters, the time, and when to stop. Not
 * thread-safe; {@link #close} ends scans the code left open.
 */
final class ExecutionContext implements DataContext, AutoCloseable {
  private final Reader reader;
  private final @Nullable Object[] given;
  private final @Nullable Object[] converted;
  private final StopSignal stop;
  private final Map<String, Object> stashed;
  private final JavaTypeFactory types;
  private final long nowMillis;
  private final Set<RowCursor> open = new HashSet<>();
  private @Nullable SchemaPlus intermediate;

  /**
   * Creates a context.
   *
   * @param given the parameters as the scans compare with them
   * @param converted the parameters as generated code computes with them
   * @param stashed the objects generated code asks for by name
   */
  ExecutionContext(
      Reader reader,
      @Nullable Object[] given,
      @Nullable Object[] converted,
      StopSignal stop,
      Map<String, Object> stashed,
      JavaTypeFactory types,
      long nowMillis) {
    this.reader = reader;
    this.given = given;
    this.converted = converted;
    this.stop = stop;
    this.stashed = stashed;
    this.types = types;
    this.nowMillis = nowMillis;
  }

  RowCursor open(TableScan scan) {
    RowCursor rows = scan.open(reader, given, stop);
    RowCursor tracked =
        new RowCursor() {
          @Override
          public @Nullable Object @Nullable [] next() {
            return rows.next();
          }

          @Override
          public void close() {
            open.remove(this);
            rows.close();
          }
        };
    open.add(tracked);
    return tracked;
  }

  @Override
  public @Nullable Object get(String name) {
    if (name.startsWith("?")) {
      return converted[Integer.parseInt(name.substring(1))];
    }
    Object object = stashed.get(name);
    return object == null ? variable(name) : object;
  }

  private @Nullable Object variable(String name) {
    TimeZone zone = TimeZone.getDefault();
    long local = nowMillis + zone.getOffset(nowMillis);
    return switch (name) {
      case "utcTimestamp" -> nowMillis;
      case "currentTimestamp", "localTimestamp" -> local;
      case "timeZone" -> zone;
      case "locale" -> Locale.ROOT;
      case "user", "systemUser" -> "";
      case "cancelFlag" -> stop.flag();
      case "timeFrameSet" ->
          types.getTypeSystem().deriveTimeFrameSet(org.apache.calcite.rel.type.TimeFrames.CORE);
      default -> null;
    };
  }

  @Override
  public void close() {
    for (RowCursor rows : Set.copyOf(open)) {
      rows.close();
    }
  }

  /** Returns where recursive queries keep their intermediate rows. */
  @Override
  public SchemaPlus getRootSchema() {
    SchemaPlus schema = intermediate;
    if (schema == null) {
      schema = CalciteSchema.createRootSchema(false, false).plus();
      intermediate = schema;
    }
    return schema;
  }

  @Override
  public JavaTypeFactory getTypeFactory() {
    return types;
  }

  @Override
  @SuppressWarnings(
      "NullAway") // asked for by code over queryable tables only, which we have none of
  public QueryProvider getQueryProvider() {
    return null;
  }

  @Override
  public String toString() {
    return "execution at " + Instant.ofEpochMilli(nowMillis);
  }
}
