package io.larder.cli.imports;

/** A file that cannot be imported; the message names the place, what was found and what was expected. */
public final class ImportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public ImportException(String message) {
    super(message);
  }
}
