package io.larder.jdbc;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.metadata.Catalog;
import io.larder.jdbc.internal.metadata.EmptyResults;
import io.larder.jdbc.internal.metadata.MetaTable;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What tools ask about the database. As thread-safe as its connection. */
final class LarderDatabaseMetaData extends DatabaseAbilities {
  private static final String DRIVER_VERSION =
      LarderDriver.MAJOR_VERSION + "." + LarderDriver.MINOR_VERSION;

  private final LarderConnection connection;
  private final Catalog catalog;

  LarderDatabaseMetaData(LarderConnection connection, Catalog catalog) {
    this.connection = connection;
    this.catalog = catalog;
  }

  private ResultSet answer(Supplier<MetaTable> question) throws SQLException {
    connection.requireOpen();
    try {
      MetaTable table = question.get();
      return ListResult.of(table.columns(), table.rows());
    } catch (RuntimeException e) {
      throw Errors.translate(e);
    }
  }

  @Override
  public ResultSet getTables(
      @Nullable String database,
      @Nullable String schema,
      @Nullable String table,
      String @Nullable [] types)
      throws SQLException {
    return answer(() -> catalog.tables(database, schema, table, types));
  }

  @Override
  public ResultSet getColumns(
      @Nullable String database,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column)
      throws SQLException {
    return answer(() -> catalog.columns(database, schema, table, column));
  }

  @Override
  public ResultSet getPrimaryKeys(@Nullable String database, @Nullable String schema, String table)
      throws SQLException {
    return answer(() -> catalog.primaryKeys(database, schema, table));
  }

  @Override
  public ResultSet getIndexInfo(
      @Nullable String database,
      @Nullable String schema,
      String table,
      boolean unique,
      boolean approximate)
      throws SQLException {
    return answer(() -> catalog.indexes(database, schema, table));
  }

  @Override
  public ResultSet getBestRowIdentifier(
      @Nullable String database, @Nullable String schema, String table, int scope, boolean nullable)
      throws SQLException {
    return answer(() -> catalog.bestRowIdentifier(database, schema, table));
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return answer(() -> catalog.schemas(null, null));
  }

  @Override
  public ResultSet getSchemas(@Nullable String database, @Nullable String schema)
      throws SQLException {
    return answer(() -> catalog.schemas(database, schema));
  }

  @Override
  public ResultSet getCatalogs() throws SQLException {
    return answer(catalog::catalogs);
  }

  @Override
  public ResultSet getTableTypes() throws SQLException {
    return answer(catalog::tableTypes);
  }

  @Override
  public ResultSet getTypeInfo() throws SQLException {
    return answer(catalog::types);
  }

  @Override
  public ResultSet getImportedKeys(@Nullable String database, @Nullable String schema, String table)
      throws SQLException {
    return answer(EmptyResults::foreignKeys);
  }

  @Override
  public ResultSet getExportedKeys(@Nullable String database, @Nullable String schema, String table)
      throws SQLException {
    return answer(EmptyResults::foreignKeys);
  }

  @Override
  public ResultSet getCrossReference(
      @Nullable String parentDatabase,
      @Nullable String parentSchema,
      @Nullable String parentTable,
      @Nullable String database,
      @Nullable String schema,
      @Nullable String table)
      throws SQLException {
    return answer(EmptyResults::foreignKeys);
  }

  @Override
  public ResultSet getProcedures(
      @Nullable String database, @Nullable String schema, @Nullable String procedure)
      throws SQLException {
    return answer(EmptyResults::procedures);
  }

  @Override
  public ResultSet getProcedureColumns(
      @Nullable String database,
      @Nullable String schema,
      @Nullable String procedure,
      @Nullable String column)
      throws SQLException {
    return answer(EmptyResults::procedureColumns);
  }

  @Override
  public ResultSet getFunctions(
      @Nullable String database, @Nullable String schema, @Nullable String function)
      throws SQLException {
    return answer(EmptyResults::functions);
  }

  @Override
  public ResultSet getFunctionColumns(
      @Nullable String database,
      @Nullable String schema,
      @Nullable String function,
      @Nullable String column)
      throws SQLException {
    return answer(EmptyResults::functionColumns);
  }

  @Override
  public ResultSet getTablePrivileges(
      @Nullable String database, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return answer(EmptyResults::tablePrivileges);
  }

  @Override
  public ResultSet getColumnPrivileges(
      @Nullable String database,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column)
      throws SQLException {
    return answer(EmptyResults::columnPrivileges);
  }

  @Override
  public ResultSet getVersionColumns(
      @Nullable String database, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return answer(EmptyResults::versionColumns);
  }

  @Override
  public ResultSet getUDTs(
      @Nullable String database,
      @Nullable String schema,
      @Nullable String type,
      int @Nullable [] types)
      throws SQLException {
    return answer(EmptyResults::userTypes);
  }

  @Override
  public ResultSet getSuperTypes(
      @Nullable String database, @Nullable String schema, @Nullable String type)
      throws SQLException {
    return answer(EmptyResults::superTypes);
  }

  @Override
  public ResultSet getSuperTables(
      @Nullable String database, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return answer(EmptyResults::superTables);
  }

  @Override
  public ResultSet getAttributes(
      @Nullable String database,
      @Nullable String schema,
      @Nullable String type,
      @Nullable String attribute)
      throws SQLException {
    return answer(EmptyResults::attributes);
  }

  @Override
  public ResultSet getPseudoColumns(
      @Nullable String database,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column)
      throws SQLException {
    return answer(EmptyResults::pseudoColumns);
  }

  @Override
  public ResultSet getClientInfoProperties() throws SQLException {
    return answer(EmptyResults::clientInfo);
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return connection.isReadOnly();
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public String getURL() {
    return connection.url();
  }

  @Override
  public String getUserName() {
    return "";
  }

  @Override
  public String getDatabaseProductName() {
    return "Larder";
  }

  @Override
  public String getDatabaseProductVersion() {
    return DRIVER_VERSION;
  }

  @Override
  public int getDatabaseMajorVersion() {
    return LarderDriver.MAJOR_VERSION;
  }

  @Override
  public int getDatabaseMinorVersion() {
    return LarderDriver.MINOR_VERSION;
  }

  @Override
  public String getDriverName() {
    return "Larder JDBC";
  }

  @Override
  public String getDriverVersion() {
    return DRIVER_VERSION;
  }

  @Override
  public int getDriverMajorVersion() {
    return LarderDriver.MAJOR_VERSION;
  }

  @Override
  public int getDriverMinorVersion() {
    return LarderDriver.MINOR_VERSION;
  }

  @Override
  public int getJDBCMajorVersion() {
    return 4;
  }

  @Override
  public int getJDBCMinorVersion() {
    return 3;
  }

  @Override
  public String getIdentifierQuoteString() {
    return "\"";
  }

  @Override
  public String getExtraNameCharacters() {
    return "$";
  }

  @Override
  public String getSearchStringEscape() {
    return "\\";
  }

  @Override
  public String getSchemaTerm() {
    return "schema";
  }

  @Override
  public String getCatalogTerm() {
    return "catalog";
  }

  @Override
  public String getCatalogSeparator() {
    return ".";
  }

  @Override
  public String getProcedureTerm() {
    return "procedure";
  }

  @Override
  public String getSQLKeywords() {
    return "LIMIT,OFFSET,UPSERT,TRUNCATE,EXPLAIN,QUALIFY";
  }

  @Override
  public String getNumericFunctions() {
    return "ABS,ACOS,ASIN,ATAN,ATAN2,CEILING,COS,COT,DEGREES,EXP,FLOOR,LOG,LOG10,MOD,PI,POWER,"
        + "RADIANS,RAND,ROUND,SIGN,SIN,SQRT,TAN,TRUNCATE";
  }

  @Override
  public String getStringFunctions() {
    return "ASCII,CONCAT,INSERT,LCASE,LEFT,LENGTH,LOCATE,LTRIM,REPLACE,RIGHT,RTRIM,SUBSTRING,UCASE";
  }

  @Override
  public String getSystemFunctions() {
    return "CONVERT,DATABASE,IFNULL,USER";
  }

  @Override
  public String getTimeDateFunctions() {
    return "CURDATE,CURTIME,DAYOFMONTH,DAYOFWEEK,DAYOFYEAR,HOUR,MINUTE,MONTH,NOW,QUARTER,SECOND,"
        + "TIMESTAMPADD,TIMESTAMPDIFF,WEEK,YEAR";
  }

  @Override
  public int getSQLStateType() {
    return DatabaseMetaData.sqlStateSQL;
  }

  @Override
  public int getDefaultTransactionIsolation() {
    return Connection.TRANSACTION_REPEATABLE_READ;
  }

  @Override
  public int getResultSetHoldability() {
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public RowIdLifetime getRowIdLifetime() {
    return RowIdLifetime.ROWID_UNSUPPORTED;
  }

  @Override
  public boolean supportsResultSetType(int type) {
    return type == ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public boolean supportsResultSetConcurrency(int type, int concurrency) {
    return type == ResultSet.TYPE_FORWARD_ONLY && concurrency == ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public boolean supportsResultSetHoldability(int holdability) {
    return holdability == ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public boolean supportsTransactionIsolationLevel(int level) {
    return level == Connection.TRANSACTION_READ_UNCOMMITTED
        || level == Connection.TRANSACTION_READ_COMMITTED
        || level == Connection.TRANSACTION_REPEATABLE_READ
        || level == Connection.TRANSACTION_SERIALIZABLE;
  }
}
