package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.Planner;
import io.larder.jdbc.internal.token.Tokenizer;
import io.larder.tables.Store;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/**
 * Compiles any query, and what changes rows, with Calcite's grammar, validator and optimiser. Thread-safe.
 *
 * <p>Calcite only ever computes rows; changing them is ours. An INSERT, UPDATE or DELETE is taken apart into
 * the query that finds and computes, and the change that is made of each of its rows.
 */
public final class CalcitePlanner implements Planner {
  private static final int NAME_LENGTH_MAX = 255;

  private static final SqlParser.Config PARSER =
      SqlParser.config()
          .withParserFactory(SqlBabelParserImpl.FACTORY)
          .withConformance(SqlConformanceEnum.BABEL)
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withUnquotedCasing(Casing.UNCHANGED)
          .withQuotedCasing(Casing.UNCHANGED)
          .withCaseSensitive(false)
          .withIdentifierMaxLength(NAME_LENGTH_MAX);

  private final Store store;

  /** Creates a planner over some tables. */
  public CalcitePlanner(Store store) {
    this.store = store;
  }

  @Override
  public Plan plan(String sql) {
    Tokenizer tokens = new Tokenizer(sql);
    boolean upsert = tokens.accept("UPSERT"); // which this grammar lacks, and is INSERT otherwise
    SqlNode parsed = parse(upsert ? "INSERT " + tokens.rest() : sql);
    try {
      return compile(parsed, upsert);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      throw CalciteErrors.ofPlanning(e);
    }
  }

  private static SqlNode parse(String sql) {
    try {
      return SqlParser.create(withoutEnd(sql), PARSER).parseStmt();
    } catch (SqlParseException e) {
      throw CalciteErrors.ofParser(e, sql);
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      throw CalciteErrors.ofPlanning(e);
    }
  }

  private static String withoutEnd(String sql) {
    String text = sql.strip();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).strip();
    }
    return text;
  }

  private Plan compile(SqlNode parsed, boolean upsert) {
    if (parsed instanceof SqlInsert insert) {
      return new InsertCompiler(store, insert, upsert).compile();
    }
    if (parsed instanceof SqlUpdate update) {
      return new UpdateCompiler(store, update).compile();
    }
    if (parsed instanceof SqlDelete delete) {
      return new DeleteCompiler(store, delete).compile();
    }
    if (parsed.isA(SqlKind.QUERY)) {
      return new QueryCompiler(store, false).compile(parsed);
    }
    throw new StatementException(
        SqlState.NOT_SUPPORTED, parsed.getKind() + " statements are not supported");
  }
}
