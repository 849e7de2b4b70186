package io.larder.cli.access;

/**
 * What a user named is not there; the message names it and, where that is short, what there is
 * instead.
 */
public final class NotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public NotFoundException(String message) {
    super(message);
  }
}
