package io.larder.jdbc.internal.recognise;

/** The statement is not one the recogniser knows. Carries nothing; never leaves the package. */
final class UnknownShapeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The only instance: thrown for every statement of the full grammar, so it must cost nothing. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace
  static final UnknownShapeException INSTANCE = new UnknownShapeException();

  private UnknownShapeException() {
    super("unknown shape", null, false, false);
  }
}
