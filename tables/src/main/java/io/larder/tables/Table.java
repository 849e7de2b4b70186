package io.larder.tables;

import io.larder.engine.api.Keyspace;

/**
 * A table or typed cache: a keyspace with a definition. Immutable and thread-safe; obtained from {@link Store} and
 * good until the table is dropped. A replaced definition gives a new object; the old one goes on with the old
 * columns.
 */
public final class Table {
  private final TableDefinition definition;
  private final Keyspace keyspace;

  Table(TableDefinition definition, Keyspace keyspace) {
    this.definition = definition;
    this.keyspace = keyspace;
  }

  /** Returns the name of table and keyspace. */
  public String name() {
    return definition.name();
  }

  /** Returns what it was defined as. */
  public TableDefinition definition() {
    return definition;
  }

  /** Returns the keyspace that holds the entries. */
  public Keyspace keyspace() {
    return keyspace;
  }

  /** Returns the SQL view; always the same object. */
  public RowCodec rows() {
    throw new UnsupportedOperationException("rows of " + name());
  }

  /**
   * Returns the JCache view: keys and values as objects of these types, whose classes come from the loader. {@code
   * Object} takes and gives anything; {@code Row} takes and gives rows whatever class they came from.
   */
  public <K, V> EntryCodec<K, V> entries(Class<K> keyType, Class<V> valueType, ClassLoader loader) {
    throw new UnsupportedOperationException(
        "entries of " + name() + " as " + keyType + ", " + valueType + " from " + loader);
  }

  @Override
  public String toString() {
    return "table " + name();
  }
}
