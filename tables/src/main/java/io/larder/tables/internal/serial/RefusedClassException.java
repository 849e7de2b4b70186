package io.larder.tables.internal.serial;

/** A stream names a class that the allow-list does not have, or asks for more than the limits grant. */
public final class RefusedClassException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String className;

  RefusedClassException(String className, Throwable cause) {
    super(className, cause);
    this.className = className;
  }

  /** Returns the name of the class that was refused. */
  public String className() {
    return className;
  }
}
