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
  private final TypeDictionary dictionary;
  private final KnownClasses knownClasses;
  private final TableRowCodec rows;

  Table(
      TableDefinition definition,
      Keyspace keyspace,
      TypeDictionary dictionary,
      KnownClasses knownClasses) {
    this.definition = definition;
    this.keyspace = keyspace;
    this.dictionary = dictionary;
    this.knownClasses = knownClasses;
    this.rows = new TableRowCodec(definition, dictionary, knownClasses);
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
    return rows;
  }

  /**
   * Returns the JCache view: keys and values as objects of these types, whose classes come from the loader. {@code
   * Object} takes and gives anything; {@code Row} takes and gives rows whatever class they came from.
   */
  public <K, V> EntryCodec<K, V> entries(Class<K> keyType, Class<V> valueType, ClassLoader loader) {
    return new TypedEntryCodec<>(this, rows, dictionary, knownClasses, keyType, valueType, loader);
  }

  @Override
  public String toString() {
    return "table " + name();
  }
}
