package io.larder.engine.internal.database;

/**
 * What all handles of one keyspace share: its lasting number, and its changing name and data number. Thread-safe;
 * changed by the catalog only.
 */
final class KeyspaceState {
  /** The data number of a dropped keyspace. */
  static final int DROPPED = 0;

  private final int handleId;
  private volatile int dataId;
  private volatile String name;

  KeyspaceState(int handleId, int dataId, String name) {
    this.handleId = handleId;
    this.dataId = dataId;
    this.name = name;
  }

  int handleId() {
    return handleId;
  }

  /** Returns the number its entries carry, or {@link #DROPPED}. */
  int dataId() {
    return dataId;
  }

  String name() {
    return name;
  }

  void setDataId(int dataId) {
    this.dataId = dataId;
  }

  void setName(String name) {
    this.name = name;
  }
}
