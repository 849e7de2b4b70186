package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.TableViews;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.Planner;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.Store;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the statements programs run all day: one table, columns, conditions joined by AND, in the
 * order of the key. Thread-safe.
 *
 * <p>It parses by recursive descent and gives up, by returning null, at the first token it does not know
 * for certain; the full grammar then has the statement to itself. So it never has to be complete, only
 * right: whatever it takes must mean the same there. It loads nothing of the full grammar.
 */
public final class Recogniser implements Planner {
  private final TableViews tables;

  /** Creates a recogniser over some tables. */
  public Recogniser(Store store) {
    this.tables = new TableViews(store);
  }

  @Override
  public @Nullable Plan plan(String sql) {
    Tokenizer tokens = new Tokenizer(sql);
    try {
      if (tokens.accept("SELECT")) {
        return new SelectShape(tables, tokens).parse();
      }
      if (tokens.is("INSERT") || tokens.is("UPSERT")) {
        return new InsertShape(tables, tokens).parse();
      }
      if (tokens.accept("UPDATE")) {
        return new UpdateShape(tables, tokens).parse();
      }
      if (tokens.accept("DELETE")) {
        return new DeleteShape(tables, tokens).parse();
      }
      return null;
    } catch (UnknownShapeException e) {
      return null;
    }
  }
}
