package io.larder.engine.api;

import java.nio.file.Path;

/** Where a database lives. */
public sealed interface DatabaseLocation {

  /**
   * A database without files, shared by name inside the JVM.
   *
   * @param name the name after {@code larder:mem:}
   */
  record InMemory(String name) implements DatabaseLocation {
    @Override
    public String toString() {
      return "mem:" + name;
    }
  }

  /**
   * A database in a directory.
   *
   * @param path the directory as given, absolute or relative
   */
  record Directory(Path path) implements DatabaseLocation {
    @Override
    public String toString() {
      return path.toString();
    }
  }
}
