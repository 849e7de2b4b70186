package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private Connection connection;
  private DatabaseMetaData metadata;

  @BeforeEach
  void open() throws SQLException {
    connection = Sql.open();
    Sql.script(
        connection,
        """
        CREATE TABLE Stock (
          item VARCHAR(30), place INTEGER, amount BIGINT NOT NULL DEFAULT 7, seen TIMESTAMP,
          PRIMARY KEY (place, item));
        CREATE TABLE other_one (k UUID PRIMARY KEY, v DECIMAL(10, 2));
        """);
    metadata = connection.getMetaData();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static List<String> column(ResultSet result, String label) throws SQLException {
    List<String> values = new ArrayList<>();
    while (result.next()) {
      values.add(result.getString(label));
    }
    return values;
  }

  @Test
  void getTables_byPatternAndType_findsThem() throws SQLException {
    assertThat(column(metadata.getTables(null, null, "%", null), "TABLE_NAME"))
        .containsExactly("Stock", "other_one");
    assertThat(column(metadata.getTables(null, "PUBLIC", "stock", null), "TABLE_NAME"))
        .containsExactly("Stock");
    assertThat(column(metadata.getTables("", null, "other\\_%", null), "TABLE_NAME"))
        .containsExactly("other_one");
    assertThat(column(metadata.getTables(null, null, null, new String[] {"VIEW"}), "TABLE_NAME"))
        .isEmpty();
    assertThat(column(metadata.getTables(null, "X", null, null), "TABLE_NAME")).isEmpty();
  }

  @Test
  void getColumns_describesEach() throws SQLException {
    ResultSet columns = metadata.getColumns(null, null, "Stock", "%");
    assertThat(columns.next()).isTrue();
    assertThat(columns.getString("COLUMN_NAME")).isEqualTo("place");
    assertThat(columns.getInt("DATA_TYPE")).isEqualTo(Types.INTEGER);
    assertThat(columns.getString("IS_NULLABLE")).isEqualTo("NO");
    assertThat(columns.getInt("ORDINAL_POSITION")).isEqualTo(1);
    assertThat(column(columns, "COLUMN_NAME"))
        .containsExactly("item", "amount", "seen", "expires_at");
    assertThat(column(metadata.getColumns(null, null, "Stock", "amount"), "COLUMN_DEF"))
        .containsExactly("7");
  }

  @Test
  void getPrimaryKeys_isSortedByName() throws SQLException {
    ResultSet keys = metadata.getPrimaryKeys(null, null, "stock");
    assertThat(keys.next()).isTrue();
    assertThat(keys.getString("COLUMN_NAME")).isEqualTo("item");
    assertThat(keys.getShort("KEY_SEQ")).isEqualTo((short) 2);
    assertThat(keys.next()).isTrue();
    assertThat(keys.getString("COLUMN_NAME")).isEqualTo("place");
    assertThat(keys.getString("PK_NAME")).isEqualTo("Stock_pkey");
    assertThat(keys.next()).isFalse();
  }

  @Test
  void getIndexInfo_isThePrimaryKey() throws SQLException {
    ResultSet indexes = metadata.getIndexInfo(null, null, "Stock", false, true);
    assertThat(column(indexes, "COLUMN_NAME")).containsExactly("place", "item");
  }

  /** Tools call all of these while they connect; none may fail, whatever it is asked. */
  @Test
  void everyMethod_calledWithoutRestriction_answers() throws Exception {
    for (Method method : DatabaseMetaData.class.getMethods()) {
      if (method.isDefault() || method.getName().equals("unwrap")) {
        continue;
      }
      Object[] arguments =
          Arrays.stream(method.getParameterTypes()).map(MetadataTest::anything).toArray();
      assertThatCode(
              () -> {
                try {
                  Object answer = method.invoke(metadata, arguments);
                  if (answer instanceof ResultSet result) {
                    Sql.rows(result);
                  }
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              })
          .as(method.toString())
          .doesNotThrowAnyException();
    }
  }

  private static Object anything(Class<?> type) {
    if (type == String.class) {
      return "%";
    }
    if (type == int.class) {
      return 1;
    }
    if (type == boolean.class) {
      return false;
    }
    return type == Class.class ? String.class : null;
  }

  @Test
  void resultMetadata_namesTableAndColumn_forRecognisedAndFullQueries() throws SQLException {
    for (String sql :
        List.of(
            "SELECT amount AS n, item FROM stock WHERE place = 1",
            "SELECT s.amount AS n, s.item FROM stock s WHERE s.place + 0 = 1")) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        ResultSetMetaData columns = statement.getMetaData();
        assertThat(columns.getColumnCount()).isEqualTo(2);
        assertThat(columns.getColumnLabel(1)).isEqualTo("n");
        assertThat(columns.getColumnName(1)).isEqualTo("amount");
        assertThat(columns.getTableName(1)).isEqualTo("Stock");
        assertThat(columns.getSchemaName(1)).isEqualTo("PUBLIC");
        assertThat(columns.getColumnType(1)).isEqualTo(Types.BIGINT);
        assertThat(columns.isNullable(1)).isEqualTo(ResultSetMetaData.columnNoNulls);
        assertThat(columns.getColumnClassName(2)).isEqualTo("java.lang.String");
      }
    }
  }

  @Test
  void parameterMetadata_knowsTypes() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT item FROM stock WHERE place = ? AND amount + 1 > ?")) {
      assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(2);
      assertThat(statement.getParameterMetaData().getParameterType(1)).isEqualTo(Types.INTEGER);
      assertThat(statement.getParameterMetaData().getParameterType(2)).isEqualTo(Types.BIGINT);
    }
  }
}
