package io.larder.jdbc.internal.metadata;

/** Answers about what Larder does not have: the right columns, no rows. */
public final class EmptyResults {
  private EmptyResults() {}

  /** Returns the procedures. */
  public static MetaTable procedures() {
    return MetaTable.of(
        "PROCEDURE_CAT",
        "PROCEDURE_SCHEM",
        "PROCEDURE_NAME",
        "RESERVED1",
        "RESERVED2",
        "RESERVED3",
        "REMARKS",
        "PROCEDURE_TYPE:short",
        "SPECIFIC_NAME");
  }

  /** Returns the columns of procedures. */
  public static MetaTable procedureColumns() {
    return MetaTable.of(
        "PROCEDURE_CAT",
        "PROCEDURE_SCHEM",
        "PROCEDURE_NAME",
        "COLUMN_NAME",
        "COLUMN_TYPE:short",
        "DATA_TYPE:int",
        "TYPE_NAME",
        "PRECISION:int",
        "LENGTH:int",
        "SCALE:short",
        "RADIX:short",
        "NULLABLE:short",
        "REMARKS",
        "COLUMN_DEF",
        "SQL_DATA_TYPE:int",
        "SQL_DATETIME_SUB:int",
        "CHAR_OCTET_LENGTH:int",
        "ORDINAL_POSITION:int",
        "IS_NULLABLE",
        "SPECIFIC_NAME");
  }

  /** Returns the functions defined by users. */
  public static MetaTable functions() {
    return MetaTable.of(
        "FUNCTION_CAT",
        "FUNCTION_SCHEM",
        "FUNCTION_NAME",
        "REMARKS",
        "FUNCTION_TYPE:short",
        "SPECIFIC_NAME");
  }

  /** Returns the parameters of functions. */
  public static MetaTable functionColumns() {
    return MetaTable.of(
        "FUNCTION_CAT",
        "FUNCTION_SCHEM",
        "FUNCTION_NAME",
        "COLUMN_NAME",
        "COLUMN_TYPE:short",
        "DATA_TYPE:int",
        "TYPE_NAME",
        "PRECISION:int",
        "LENGTH:int",
        "SCALE:short",
        "RADIX:short",
        "NULLABLE:short",
        "REMARKS",
        "CHAR_OCTET_LENGTH:int",
        "ORDINAL_POSITION:int",
        "IS_NULLABLE",
        "SPECIFIC_NAME");
  }

  /** Returns the foreign keys. */
  public static MetaTable foreignKeys() {
    return MetaTable.of(
        "PKTABLE_CAT",
        "PKTABLE_SCHEM",
        "PKTABLE_NAME",
        "PKCOLUMN_NAME",
        "FKTABLE_CAT",
        "FKTABLE_SCHEM",
        "FKTABLE_NAME",
        "FKCOLUMN_NAME",
        "KEY_SEQ:short",
        "UPDATE_RULE:short",
        "DELETE_RULE:short",
        "FK_NAME",
        "PK_NAME",
        "DEFERRABILITY:short");
  }

  /** Returns the privileges on tables. */
  public static MetaTable tablePrivileges() {
    return MetaTable.of(
        "TABLE_CAT",
        "TABLE_SCHEM",
        "TABLE_NAME",
        "GRANTOR",
        "GRANTEE",
        "PRIVILEGE",
        "IS_GRANTABLE");
  }

  /** Returns the privileges on columns. */
  public static MetaTable columnPrivileges() {
    return MetaTable.of(
        "TABLE_CAT",
        "TABLE_SCHEM",
        "TABLE_NAME",
        "COLUMN_NAME",
        "GRANTOR",
        "GRANTEE",
        "PRIVILEGE",
        "IS_GRANTABLE");
  }

  /** Returns the columns that change with every update of a row. */
  public static MetaTable versionColumns() {
    return MetaTable.of(
        "SCOPE:short",
        "COLUMN_NAME",
        "DATA_TYPE:int",
        "TYPE_NAME",
        "COLUMN_SIZE:int",
        "BUFFER_LENGTH:int",
        "DECIMAL_DIGITS:short",
        "PSEUDO_COLUMN:short");
  }

  /** Returns the types defined by users. */
  public static MetaTable userTypes() {
    return MetaTable.of(
        "TYPE_CAT",
        "TYPE_SCHEM",
        "TYPE_NAME",
        "CLASS_NAME",
        "DATA_TYPE:int",
        "REMARKS",
        "BASE_TYPE:short");
  }

  /** Returns the types above types. */
  public static MetaTable superTypes() {
    return MetaTable.of(
        "TYPE_CAT",
        "TYPE_SCHEM",
        "TYPE_NAME",
        "SUPERTYPE_CAT",
        "SUPERTYPE_SCHEM",
        "SUPERTYPE_NAME");
  }

  /** Returns the tables above tables. */
  public static MetaTable superTables() {
    return MetaTable.of("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "SUPERTABLE_NAME");
  }

  /** Returns the attributes of types. */
  public static MetaTable attributes() {
    return MetaTable.of(
        "TYPE_CAT",
        "TYPE_SCHEM",
        "TYPE_NAME",
        "ATTR_NAME",
        "DATA_TYPE:int",
        "ATTR_TYPE_NAME",
        "ATTR_SIZE:int",
        "DECIMAL_DIGITS:int",
        "NUM_PREC_RADIX:int",
        "NULLABLE:int",
        "REMARKS",
        "ATTR_DEF",
        "SQL_DATA_TYPE:int",
        "SQL_DATETIME_SUB:int",
        "CHAR_OCTET_LENGTH:int",
        "ORDINAL_POSITION:int",
        "IS_NULLABLE",
        "SCOPE_CATALOG",
        "SCOPE_SCHEMA",
        "SCOPE_TABLE",
        "SOURCE_DATA_TYPE:short");
  }

  /** Returns the columns that are hidden. */
  public static MetaTable pseudoColumns() {
    return MetaTable.of(
        "TABLE_CAT",
        "TABLE_SCHEM",
        "TABLE_NAME",
        "COLUMN_NAME",
        "DATA_TYPE:int",
        "COLUMN_SIZE:int",
        "DECIMAL_DIGITS:int",
        "NUM_PREC_RADIX:int",
        "COLUMN_USAGE",
        "REMARKS",
        "CHAR_OCTET_LENGTH:int",
        "IS_NULLABLE");
  }

  /** Returns the properties a client may tell about itself. */
  public static MetaTable clientInfo() {
    return MetaTable.of("NAME", "MAX_LEN:int", "DEFAULT_VALUE", "DESCRIPTION");
  }
}
