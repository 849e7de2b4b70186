package io.larder.tables;

/** Makes the definition of a cache from its Java types. */
final class TypedDefinitions {

  private TypedDefinitions() {}

  static TableDefinition of(String name, Class<?> keyType, Class<?> valueType) {
    throw new UnsupportedOperationException(
        "definition of " + name + " from " + keyType + ", " + valueType);
  }
}
