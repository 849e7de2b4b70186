package io.larder.jdbc;

import io.larder.jdbc.internal.calcite.CalcitePlanner;
import io.larder.jdbc.internal.ddl.DefinitionPlanner;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.ExplainPlan;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.PlanCache;
import io.larder.jdbc.internal.recognise.Recogniser;
import io.larder.jdbc.internal.token.TokenKind;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.Store;
import org.jspecify.annotations.Nullable;

/**
 * Finds the plan of a statement: in the cache, by the recogniser, among definitions and commands, at last by
 * the full grammar. Thread-safe; one for an open database.
 */
final class StatementCompiler {
  private final Store store;
  private final PlanCache cache;
  private final Recogniser recogniser;
  private final DefinitionPlanner definitions;
  private volatile @Nullable CalcitePlanner calcite;

  StatementCompiler(Store store, int cachedPlans) {
    this.store = store;
    this.cache = new PlanCache(cachedPlans);
    this.recogniser = new Recogniser(store);
    this.definitions = new DefinitionPlanner(store);
  }

  /** Returns the version of the schema that plans compiled now belong to. */
  long schemaVersion() {
    return store.schemaVersion();
  }

  /** Compiles a statement; {@code keep} says that the same text will come again. */
  Plan compile(String sql, boolean keep) {
    long version = store.schemaVersion();
    Plan plan = cache.find(sql, version);
    if (plan != null) {
      return plan;
    }
    plan = recogniser.plan(sql);
    if (plan != null) {
      if (keep) {
        cache.put(sql, version, plan);
      }
      return plan;
    }
    plan = definitions.plan(sql);
    if (plan != null) {
      return plan;
    }
    plan = compileFully(sql);
    cache.put(sql, version, plan);
    return plan;
  }

  private Plan compileFully(String sql) {
    Tokenizer tokens = new Tokenizer(sql);
    if (tokens.kind() == TokenKind.END || tokens.isSymbol(";")) {
      throw new StatementException(SqlState.SYNTAX, "the statement is empty");
    }
    if (tokens.accept("EXPLAIN")) {
      if (tokens.accept("PLAN")) {
        tokens.accept("FOR");
      }
      return new ExplainPlan(compile(tokens.rest(), false));
    }
    return calcite().plan(sql);
  }

  /** The full grammar is loaded when it is first needed: it costs a second. */
  private CalcitePlanner calcite() {
    CalcitePlanner planner = calcite;
    if (planner == null) {
      planner = new CalcitePlanner(store);
      calcite = planner;
    }
    return planner;
  }
}
