package io.larder.jdbc.internal.metadata;

import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.value.JdbcTypes;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.Store;
import io.larder.tables.TableDefinition;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers what tools ask about tables, columns and keys. Reads the catalog anew each time. */
public final class Catalog {
  /** The only schema. */
  public static final String SCHEMA = "PUBLIC";

  private static final String TABLE = "TABLE";

  private final Store store;

  /** Creates the catalog of some tables. */
  public Catalog(Store store) {
    this.store = store;
  }

  private static boolean isOurs(@Nullable String catalog, @Nullable String schemaPattern) {
    return (catalog == null || catalog.isEmpty()) && new NamePattern(schemaPattern).matches(SCHEMA);
  }

  private List<TableView> views(@Nullable String tablePattern) {
    NamePattern pattern = new NamePattern(tablePattern);
    List<TableView> views = new ArrayList<>();
    for (String name : store.tableNames()) {
      if (pattern.matches(name)) {
        store.findTable(name).ifPresent(table -> views.add(new TableView(table)));
      }
    }
    return views;
  }

  private Optional<TableView> view(
      @Nullable String catalog, @Nullable String schema, String table) {
    boolean ours =
        (catalog == null || catalog.isEmpty())
            && (schema == null || schema.isEmpty() || schema.equalsIgnoreCase(SCHEMA));
    return ours ? store.findTableIgnoringCase(table).map(TableView::new) : Optional.empty();
  }

  /** Returns the schemas. */
  public MetaTable schemas(@Nullable String catalog, @Nullable String schemaPattern) {
    MetaTable result = MetaTable.of("TABLE_SCHEM", "TABLE_CATALOG");
    if (isOurs(catalog, schemaPattern)) {
      result.add(SCHEMA, null);
    }
    return result;
  }

  /** Returns the catalogs: none. */
  public MetaTable catalogs() {
    return MetaTable.of("TABLE_CAT");
  }

  /** Returns the kinds of tables. */
  public MetaTable tableTypes() {
    MetaTable result = MetaTable.of("TABLE_TYPE");
    result.add(TABLE);
    return result;
  }

  /** Returns the tables. */
  public MetaTable tables(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tablePattern,
      String @Nullable [] types) {
    MetaTable result =
        MetaTable.of(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "TABLE_TYPE",
            "REMARKS",
            "TYPE_CAT",
            "TYPE_SCHEM",
            "TYPE_NAME",
            "SELF_REFERENCING_COL_NAME",
            "REF_GENERATION");
    boolean wanted = types == null || List.of(types).contains(TABLE);
    if (wanted && isOurs(catalog, schemaPattern)) {
      for (TableView view : views(tablePattern)) {
        String valueClass = view.table().definition().attributes().get(TableDefinition.VALUE_CLASS);
        String remarks = valueClass == null ? "" : "cache of " + valueClass;
        result.add(null, SCHEMA, view.name(), TABLE, remarks, null, null, null, null, null);
      }
    }
    return result;
  }

  /** Returns the columns of tables. */
  public MetaTable columns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tablePattern,
      @Nullable String columnPattern) {
    MetaTable result =
        MetaTable.of(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "COLUMN_NAME",
            "DATA_TYPE:int",
            "TYPE_NAME",
            "COLUMN_SIZE:int",
            "BUFFER_LENGTH:int",
            "DECIMAL_DIGITS:int",
            "NUM_PREC_RADIX:int",
            "NULLABLE:int",
            "REMARKS",
            "COLUMN_DEF",
            "SQL_DATA_TYPE:int",
            "SQL_DATETIME_SUB:int",
            "CHAR_OCTET_LENGTH:int",
            "ORDINAL_POSITION:int",
            "IS_NULLABLE",
            "SCOPE_CATALOG",
            "SCOPE_SCHEMA",
            "SCOPE_TABLE",
            "SOURCE_DATA_TYPE:short",
            "IS_AUTOINCREMENT",
            "IS_GENERATEDCOLUMN");
    if (!isOurs(catalog, schemaPattern)) {
      return result;
    }
    NamePattern pattern = new NamePattern(columnPattern);
    for (TableView view : views(tablePattern)) {
      for (int i = 0; i < view.columns().size(); i++) {
        if (pattern.matches(view.columns().get(i).name())) {
          addColumn(result, view, i);
        }
      }
    }
    return result;
  }

  private static void addColumn(MetaTable result, TableView view, int position) {
    Column column = view.columns().get(position);
    DataType type = column.type();
    boolean text = type == DataType.VARCHAR || type == DataType.VARBINARY;
    int precision = JdbcTypes.precision(type);
    result.add(
        null,
        SCHEMA,
        view.name(),
        column.name(),
        JdbcTypes.code(type),
        JdbcTypes.name(type),
        precision,
        null,
        type == DataType.DECIMAL || JdbcTypes.isSigned(type) ? JdbcTypes.scale(type) : null,
        JdbcTypes.isSigned(type) ? 10 : null,
        column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        position == view.expiresColumn() ? "when the row vanishes; NULL = never" : "",
        column.defaultSql(),
        null,
        null,
        text ? precision : null,
        position + 1,
        column.nullable() ? "YES" : "NO",
        null,
        null,
        null,
        null,
        "NO",
        "NO");
  }

  /** Returns the columns of a table's primary key, by name. */
  public MetaTable primaryKeys(@Nullable String catalog, @Nullable String schema, String table) {
    MetaTable result =
        MetaTable.of(
            "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "KEY_SEQ:short", "PK_NAME");
    view(catalog, schema, table)
        .ifPresent(
            view -> {
              for (int i = 0; i < view.keyCount(); i++) {
                String column = view.columns().get(i).name();
                result.add(null, SCHEMA, view.name(), column, (short) (i + 1), keyName(view));
              }
            });
    result.sort(Comparator.comparing(row -> String.valueOf(row[3])));
    return result;
  }

  private static String keyName(TableView view) {
    return view.name() + "_pkey";
  }

  /** Returns the indexes of a table: its primary key. */
  public MetaTable indexes(@Nullable String catalog, @Nullable String schema, String table) {
    MetaTable result =
        MetaTable.of(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "NON_UNIQUE:boolean",
            "INDEX_QUALIFIER",
            "INDEX_NAME",
            "TYPE:short",
            "ORDINAL_POSITION:short",
            "COLUMN_NAME",
            "ASC_OR_DESC",
            "CARDINALITY:long",
            "PAGES:long",
            "FILTER_CONDITION");
    view(catalog, schema, table)
        .ifPresent(
            view -> {
              for (int i = 0; i < view.keyCount(); i++) {
                result.add(
                    null,
                    SCHEMA,
                    view.name(),
                    false,
                    null,
                    keyName(view),
                    DatabaseMetaData.tableIndexOther,
                    (short) (i + 1),
                    view.columns().get(i).name(),
                    "A",
                    0L,
                    0L,
                    null);
              }
            });
    return result;
  }

  /** Returns the columns that identify a row best: its primary key. */
  public MetaTable bestRowIdentifier(
      @Nullable String catalog, @Nullable String schema, String table) {
    MetaTable result =
        MetaTable.of(
            "SCOPE:short",
            "COLUMN_NAME",
            "DATA_TYPE:int",
            "TYPE_NAME",
            "COLUMN_SIZE:int",
            "BUFFER_LENGTH:int",
            "DECIMAL_DIGITS:short",
            "PSEUDO_COLUMN:short");
    view(catalog, schema, table)
        .ifPresent(
            view -> {
              for (int i = 0; i < view.keyCount(); i++) {
                DataType type = view.type(i);
                result.add(
                    (short) DatabaseMetaData.bestRowSession,
                    view.columns().get(i).name(),
                    JdbcTypes.code(type),
                    JdbcTypes.name(type),
                    JdbcTypes.precision(type),
                    null,
                    (short) JdbcTypes.scale(type),
                    (short) DatabaseMetaData.bestRowNotPseudo);
              }
            });
    return result;
  }

  /** Returns the types columns can have. */
  public MetaTable types() {
    MetaTable result =
        MetaTable.of(
            "TYPE_NAME",
            "DATA_TYPE:int",
            "PRECISION:int",
            "LITERAL_PREFIX",
            "LITERAL_SUFFIX",
            "CREATE_PARAMS",
            "NULLABLE:short",
            "CASE_SENSITIVE:boolean",
            "SEARCHABLE:short",
            "UNSIGNED_ATTRIBUTE:boolean",
            "FIXED_PREC_SCALE:boolean",
            "AUTO_INCREMENT:boolean",
            "LOCAL_TYPE_NAME",
            "MINIMUM_SCALE:short",
            "MAXIMUM_SCALE:short",
            "SQL_DATA_TYPE:int",
            "SQL_DATETIME_SUB:int",
            "NUM_PREC_RADIX:int");
    for (DataType type : DataType.values()) {
      String quote = literalQuote(type);
      result.add(
          JdbcTypes.name(type),
          JdbcTypes.code(type),
          JdbcTypes.precision(type),
          quote,
          quote == null ? null : "'",
          null,
          (short) DatabaseMetaData.typeNullable,
          type == DataType.VARCHAR,
          (short) DatabaseMetaData.typeSearchable,
          !JdbcTypes.isSigned(type),
          false,
          false,
          null,
          (short) 0,
          (short) JdbcTypes.scale(type),
          null,
          null,
          10);
    }
    result.sort(
        Comparator.<@Nullable Object[]>comparingInt(row -> code(row[1]))
            .thenComparing(row -> String.valueOf(row[0])));
    return result;
  }

  private static int code(@Nullable Object value) {
    return value instanceof Integer code ? code : Types.OTHER;
  }

  private static @Nullable String literalQuote(DataType type) {
    return switch (type) {
      case VARCHAR -> "'";
      case VARBINARY -> "X'";
      case DATE, TIME, TIMESTAMP -> type + " '";
      default -> null;
    };
  }
}
