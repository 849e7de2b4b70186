package io.larder.engine.internal.database;

/** Reads the newest committed state, each call anew. Thread-safe. */
final class LatestReader extends StoredReader {
  LatestReader(DatabaseHandle handle, EmbeddedDatabase database) {
    super(handle, database);
  }

  @Override
  int dataId(StoredKeyspace keyspace) {
    return keyspace.requireDataId();
  }

  @Override
  long maxSequence() {
    return PointReader.NEWEST;
  }
}
