package io.larder.jdbc.internal.ddl;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.Planner;
import io.larder.jdbc.internal.plan.SessionPlan;
import io.larder.jdbc.internal.plan.SessionPlan.Command;
import io.larder.jdbc.internal.token.TokenKind;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.Store;
import org.jspecify.annotations.Nullable;

/**
 * Compiles what defines tables, and the commands of transactions. Thread-safe. Returns null for queries and
 * changes of rows; what starts like a definition and is none is an error that names the place.
 */
public final class DefinitionPlanner implements Planner {
  private final Store store;

  /** Creates a planner over some tables. */
  public DefinitionPlanner(Store store) {
    this.store = store;
  }

  @Override
  public @Nullable Plan plan(String sql) {
    Parser parser = new Parser(sql);
    Tokenizer tokens = parser.tokens();
    if (tokens.kind() != TokenKind.WORD) {
      return null;
    }
    Plan plan = definition(parser, tokens);
    if (plan == null) {
      plan = command(parser, tokens);
    }
    if (plan != null) {
      parser.expectEnd();
    }
    return plan;
  }

  private @Nullable Plan definition(Parser parser, Tokenizer tokens) {
    if (tokens.accept("CREATE")) {
      parser.expect("TABLE");
      return new CreateTableParser(store, parser).parse();
    }
    if (tokens.accept("DROP")) {
      parser.expect("TABLE");
      boolean ifExists = tokens.accept("IF");
      if (ifExists) {
        parser.expect("EXISTS");
      }
      return new DropTablePlan(store, parser.tableName(), ifExists);
    }
    if (tokens.accept("TRUNCATE")) {
      parser.expect("TABLE");
      return new TruncateTablePlan(store, parser.tableName());
    }
    if (tokens.is("ALTER")) {
      throw new StatementException(SqlState.NOT_SUPPORTED, "ALTER is not supported");
    }
    return null;
  }

  private static @Nullable Plan command(Parser parser, Tokenizer tokens) {
    if (tokens.accept("BEGIN")) {
      skipWork(tokens);
      return new SessionPlan(Command.BEGIN, null);
    }
    if (tokens.accept("START")) {
      parser.expect("TRANSACTION");
      return new SessionPlan(Command.BEGIN, null);
    }
    if (tokens.accept("COMMIT")) {
      skipWork(tokens);
      return new SessionPlan(Command.COMMIT, null);
    }
    if (tokens.accept("ROLLBACK")) {
      skipWork(tokens);
      if (tokens.accept("TO")) {
        tokens.accept("SAVEPOINT");
        return new SessionPlan(Command.ROLLBACK_TO, parser.name("a savepoint"));
      }
      return new SessionPlan(Command.ROLLBACK, null);
    }
    if (tokens.accept("SAVEPOINT")) {
      return new SessionPlan(Command.SAVEPOINT, parser.name("a savepoint"));
    }
    if (tokens.accept("RELEASE")) {
      tokens.accept("SAVEPOINT");
      return new SessionPlan(Command.RELEASE, parser.name("a savepoint"));
    }
    return null;
  }

  private static void skipWork(Tokenizer tokens) {
    if (!tokens.accept("WORK")) {
      tokens.accept("TRANSACTION");
    }
  }
}
